<?php
/* Installs WordPress without a browser: php install.php ROOT ADDRESS. Writes each user's application password into a
 * file called as the user, beside ROOT. */
[, $root, $address] = $argv;
$_SERVER['HTTP_HOST'] = parse_url($address, PHP_URL_HOST) . ':' . parse_url($address, PHP_URL_PORT);
$_SERVER['SERVER_NAME'] = parse_url($address, PHP_URL_HOST);
$_SERVER['REQUEST_METHOD'] = 'GET';
$_SERVER['REQUEST_URI'] = '/';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
define('WP_INSTALLING', true);
require "$root/wp-load.php";
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
add_filter('pre_wp_mail', '__return_true');
wp_install('Exempelby kommun', 'admin', 'admin@exempelby.example', true, '', 'log in with this');
update_option('timezone_string', 'Europe/Stockholm');
update_option('permalink_structure', '/%postname%/');
$GLOBALS['wp_rewrite']->init();
flush_rewrite_rules(false);
foreach (['referat' => 'editor', 'skribent' => 'author', 'medarbetare' => 'contributor'] as $login => $role) {
    $id = wp_insert_user(['user_login' => $login, 'user_pass' => wp_generate_password(), 'role' => $role,
        'user_email' => "$login@exempelby.example"]);
    [$password] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'Referat']);
    file_put_contents("$root/../$login", $password);
}
