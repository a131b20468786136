<?php
/* A plugin of the tests: faults on demand. Each line of wp-content/faults is one, used once and in this order:
 *     METHOD ROUTE before|after WHAT
 * ROUTE is how the route starts. WHAT is a status, "html" or "empty" (200 with that body), "huge", "sleep", or "pass"
 * (no fault: the next one is for the request after this one). "after" is when WordPress has done what it was asked to:
 * the answer is lost.
 * With wp-content/one-in-three a third of all answers is lost in one of these ways, always the same ones by their order. */
function fault_text($body, $status) {
    status_header($status);
    header('Content-Type: text/html');
    echo $body;
    exit;
}

function fault_make($what) {
    switch ($what) {
        case 'html': fault_text('<!DOCTYPE html><title>Logga in</title>', 200);
        case 'empty': fault_text('', 200);
        case 'huge': fault_text(str_repeat('<p>Aktuella beslut</p>', 1000000), 200);
        case 'sleep': sleep(4); return null;
        case 'pass': return null;
    }
    $answer = new WP_REST_Response(['code' => 'test_fault', 'message' => 'fault'], (int) $what);
    $answer->header('Retry-After', '1');
    return $answer;
}

function fault_of_list($request, $when) {
    $list = WP_CONTENT_DIR . '/faults';
    $lines = is_file($list) ? file($list, FILE_IGNORE_NEW_LINES) : [];
    if (!$lines) {
        return null;
    }
    [$method, $route, $at, $what] = explode(' ', $lines[0]);
    if ($method !== $request->get_method() || strpos($request->get_route(), $route) !== 0 || $at !== $when) {
        return null;
    }
    file_put_contents($list, implode("\n", array_slice($lines, 1)));
    return $what;
}

function fault_of_three($when) {
    if ($when !== 'after' || !is_file(WP_CONTENT_DIR . '/one-in-three')) {
        return null;
    }
    $counter = fopen(WP_CONTENT_DIR . '/answers', 'c+');
    flock($counter, LOCK_EX);
    $n = (int) stream_get_contents($counter) + 1;
    rewind($counter);
    fwrite($counter, (string) $n);
    fclose($counter);
    $chance = crc32("answer $n");
    return $chance % 3 ? null : ['500', '502', '503', '504', 'html', 'empty'][intdiv($chance, 3) % 6];
}

function fault($answer, $request, $when) {
    $what = fault_of_list($request, $when) ?? fault_of_three($when);
    return $what === null ? $answer : (fault_make($what) ?? $answer);
}
add_filter('rest_pre_dispatch', fn($answer, $server, $request) => fault($answer, $request, 'before'), 10, 3);
add_filter('rest_post_dispatch', fn($answer, $server, $request) => fault($answer, $request, 'after'), 10, 3);
