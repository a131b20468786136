<?php
/* What Municipio's "External Content" does with a file of schema.org objects, by the contract that its source keeps
 * (library/SchemaData/ExternalContent of helsingborg-stad/Municipio, read on 29 November 2026), in a real WordPress:
 *     php import.php ROOT FILE
 * It is stricter than Municipio: what that would ignore is an error here. Municipio itself needs plugins that are sold. */
[, $root, $file] = $argv;
$_SERVER['HTTP_HOST'] = 'localhost';
$_SERVER['REQUEST_METHOD'] = 'GET';
require "$root/wp-load.php";

const PROPERTIES = [
    'Article' => ['@context', '@type', '@id', 'name', 'abstract', 'description', 'datePublished', 'dateModified',
        'inLanguage', 'articleSection', 'publisher'],
    'GovernmentOrganization' => ['@type', 'name', 'url'],
];

function refuse($reason) {
    fwrite(STDERR, "import: $reason\n");
    exit(1);
}

/* A type of schema.org, with properties that it has, each a text or an object of that kind. */
function check_object($object, $types) {
    $type = $object['@type'] ?? refuse('an object has no @type');
    in_array($type, $types, true) || refuse("$type is not expected here");
    foreach ($object as $name => $value) {
        in_array($name, PROPERTIES[$type === 'NewsArticle' ? 'Article' : $type], true) || refuse("$type has no $name");
        if (is_array($value)) {
            check_object($value, ['GovernmentOrganization']);
        } elseif (!is_string($value) || $value === '') {
            refuse("$name is no text");
        }
    }
}

function check_list($objects) {
    is_array($objects) && array_is_list($objects) || refuse('it is no list');
    foreach ($objects as $object) {
        check_object($object, ['Article', 'NewsArticle']);
        foreach (['@context', '@id', 'name', 'description', 'datePublished'] as $needed) {
            isset($object[$needed]) || refuse("an object has no $needed");
        }
        $object['@context'] === 'https://schema.org' || refuse('another @context');
        preg_match('/^\d{4}-\d\d-\d\d$/', $object['datePublished']) || refuse('a day is no day');
    }
    $ids = array_column($objects, '@id');
    count(array_unique($ids)) === count($ids) || refuse('two objects have one @id');
}

function find_post($id) {
    return get_posts(['post_type' => 'post', 'posts_per_page' => 1, 'fields' => 'ids',
        'meta_query' => [['key' => 'originId', 'value' => $id, 'compare' => '=']]])[0] ?? 0;
}

/* The title is decoded twice, the text is taken as it is, and an object that has not changed is passed over. */
function import_object($object) {
    $id = find_post($object['@id']);
    $checksum = md5(json_encode($object));
    if ($id && get_post_meta($id, 'checksum', true) === $checksum) {
        return;
    }
    $made = wp_insert_post(['ID' => $id, 'post_type' => 'post', 'post_status' => 'publish',
        'post_title' => urldecode(html_entity_decode($object['name'])), 'post_content' => $object['description'],
        'post_date' => $object['datePublished'], 'post_modified' => $object['dateModified'] ?? null,
        'meta_input' => ['originId' => $object['@id'], 'checksum' => $checksum]], true);
    is_wp_error($made) && refuse($made->get_error_message());
}

is_file($file) || refuse("$file is not there");
$objects = json_decode(file_get_contents($file), true, 512, JSON_THROW_ON_ERROR);
check_list($objects);
if (!$objects) {
    exit(0); // taken for a source that is down: nothing is deleted
}
kses_init_filters(); // by its timer nobody is logged in, so HTML is filtered
array_map('import_object', $objects);
foreach (get_posts(['post_type' => 'post', 'meta_key' => 'originId', 'meta_value' => array_column($objects, '@id'),
    'meta_compare' => 'NOT IN', 'numberposts' => -1]) as $post) {
    wp_delete_post($post->ID, true);
}
