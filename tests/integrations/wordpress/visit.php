<?php
/**
 * One visit to a site with the plugin: reads what it is about as JSON, prints what came of it.
 */

require __DIR__ . '/stub.php';

Visit::$given = json_decode( stream_get_contents( STDIN ), true );
Memory::$file = Visit::$given['memory'];
foreach ( Visit::$given['story'] ?? array() as $name => $value ) {
	Visit::$post       = Visit::$post ?? new WP_Post();
	Visit::$post->$name = $value;
}
if ( Visit::is( 'rest' ) ) {
	define( 'REST_REQUEST', true );
}
$_POST = Visit::$given['sent'] ?? array();

const PLUGIN = __DIR__ . '/../../../integrations/wordpress/store-widget/';

/** Returns what is printed meanwhile. */
function printed( callable $print, ...$arguments ): string {
	ob_start();
	$print( ...$arguments );
	return ob_get_clean();
}

/** Reads a story as its page prints it. */
function read_story(): array {
	do_action( 'wp_enqueue_scripts' );
	$html = apply_filters( 'the_content', Visit::$post->post_content );
	return array(
		'html'   => $html,
		'footer' => printed( 'do_action', 'wp_footer' ),
		'styles' => array_keys( Visit::$registered['enqueued'] ?? array() ),
	);
}

/** Saves the settings as options.php does: twice through what cleans them. */
function save_settings(): array {
	$clean = Visit::$registered['settings']['store_widget']['sanitize_callback'];
	$once  = $clean( Visit::$given['sent'] );
	update_option( 'store_widget', $clean( $once ) );
	return array( 'saved' => get_option( 'store_widget' ), 'once' => $once );
}

/** Shows the page of the settings to whoever may see it. */
function see_settings(): array {
	do_action( 'admin_menu' );
	$page = Visit::$registered['page'];
	return array( 'html' => current_user_can( $page['capability'] ) ? printed( $page['print'] ) : '' );
}

/** Shows the box beside a story. */
function see_box(): array {
	do_action( 'add_meta_boxes', Visit::$post->post_type );
	$box = Visit::$registered['box'] ?? null;
	return array( 'html' => $box ? printed( $box, Visit::$post ) : '' );
}

/** Sends the box. */
function send_box(): array {
	do_action( 'save_post', Visit::$post->ID );
	return array();
}

/** Deletes the plugin. */
function uninstall(): array {
	define( 'WP_UNINSTALL_PLUGIN', 'store-widget/store-widget.php' );
	require PLUGIN . 'uninstall.php';
	return array();
}

if ( 'uninstall' !== Visit::$given['do'] ) {
	require PLUGIN . 'store-widget.php';
	do_action( 'init' );
	do_action( 'admin_init' );
}
$did = Visit::$given['do']();
Memory::with( static function () {} );
$left = array( 'errors' => Visit::$errors, 'options' => Memory::$options, 'meta' => Memory::$meta );
// An empty array would become a list.
echo json_encode( $did + array_map( static function ( array $kept ) { return (object) $kept; }, $left ) );
