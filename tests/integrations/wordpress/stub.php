<?php
/**
 * As much of WordPress as the plugin uses, for the command line: what it keeps lies in one file.
 *
 * What decides whether markup is safe behaves as WordPress does: esc_*() and wp_kses(). What asks
 * the store really asks. The rest is as plain as it can be.
 */

namespace {

	const ABSPATH           = __DIR__ . '/';
	const MINUTE_IN_SECONDS = 60;
	const DAY_IN_SECONDS    = 86400;

	// A warning or a deprecation is a fault of the plugin; what is silenced with @ is not.
	set_error_handler(
		static function ( int $level, string $message, string $file, int $line ): bool {
			if ( error_reporting() & $level ) {
				throw new ErrorException( $message, 0, $level, $file, $line );
			}
			return true;
		}
	);

	class WP_Error {
		private $code;

		public function __construct( string $code ) {
			$this->code = $code;
		}

		public function get_error_code(): string {
			return $this->code;
		}
	}

	class WP_Post {
		public $ID            = 0;
		public $post_type     = 'post';
		public $post_status   = 'publish';
		public $post_password = '';
		public $post_title    = '';
		public $post_content  = '';
		public $link          = '';
		public $categories    = array();
		public $tags          = array();
	}

	/** What the site remembers between two visits: options with transients among them, and meta. */
	final class Memory {
		/** @var array<string, mixed> */
		public static $options = array();
		/** @var array<string, mixed> */
		public static $meta = array();
		public static $file = '';

		/** Reads or changes it while no other process does. */
		public static function with( callable $change ) {
			$handle = fopen( self::$file, 'c+' );
			flock( $handle, LOCK_EX );
			$kept          = json_decode( stream_get_contents( $handle ), true ) ?: array();
			self::$options = $kept['options'] ?? array();
			self::$meta    = $kept['meta'] ?? array();
			$result        = $change();
			ftruncate( $handle, 0 );
			rewind( $handle );
			fwrite( $handle, json_encode( array( 'options' => self::$options, 'meta' => self::$meta ) ) );
			fclose( $handle );
			return $result;
		}
	}

	/** The statements that the plugin writes itself: a row that only one can add, and its removal. */
	final class Wpdb {
		public $options = 'wp_options';

		public function prepare( string $statement, ...$values ): array {
			return array( $statement, $values );
		}

		public function esc_like( string $text ): string {
			return addcslashes( $text, '_%\\' );
		}

		public function query( array $prepared ): int {
			list( $statement, $values ) = $prepared;
			return Memory::with(
				static function () use ( $statement, $values ): int {
					if ( 0 === strpos( $statement, 'INSERT IGNORE' ) ) {
						$is_new                          = ! isset( Memory::$options[ $values[0] ] );
						Memory::$options[ $values[0] ] = Memory::$options[ $values[0] ] ?? $values[1];
						return (int) $is_new;
					}
					$before          = count( Memory::$options );
					Memory::$options = array_filter(
						Memory::$options,
						static function ( $value, $name ) use ( $statement, $values ) {
							if ( false !== strpos( $statement, 'LIKE' ) ) {
								return 0 !== strpos( $name, rtrim( stripslashes( $values[0] ), '%' ) );
							}
							return $name !== $values[0] || $value >= $values[1];
						},
						ARRAY_FILTER_USE_BOTH
					);
					return $before - count( Memory::$options );
				}
			);
		}

		public function delete( string $table, array $where ) {
			delete_option( $where['option_name'] );
		}
	}
	$wpdb = new Wpdb();

	/** This visit: what page it is, whose, and what was heard on the way. */
	final class Visit {
		/** @var array<string, mixed> */
		public static $given = array();
		/** @var ?WP_Post */
		public static $post = null;
		/** @var array<string, array<int, callable[]>> */
		public static $hooks = array();
		/** @var string[] */
		public static $running = array();
		/** @var array<string, array<string, mixed>> */
		public static $registered = array();
		/** @var string[] */
		public static $errors = array();

		public static function is( string $what ): bool {
			return ! empty( self::$given[ $what ] );
		}
	}

	// -- Hooks.

	function add_filter( string $hook, string $callback, int $priority = 10 ) {
		Visit::$hooks[ $hook ][ $priority ][ $callback ] = $callback;
	}

	function add_action( string $hook, string $callback, int $priority = 10 ) {
		add_filter( $hook, $callback, $priority );
	}

	/** @return callable[] Those of a hook, in the order of their priorities. */
	function callbacks_of( string $hook ): array {
		$by_priority = Visit::$hooks[ $hook ] ?? array();
		ksort( $by_priority );
		return array_merge( array(), ...array_map( 'array_values', $by_priority ) );
	}

	function apply_filters( string $hook, $value, ...$more ) {
		Visit::$running[] = $hook;
		foreach ( callbacks_of( $hook ) as $callback ) {
			$value = $callback( $value, ...$more );
		}
		array_pop( Visit::$running );
		return $value;
	}

	function do_action( string $hook, ...$arguments ) {
		foreach ( callbacks_of( $hook ) as $callback ) {
			$callback( ...$arguments );
		}
	}

	function doing_filter( string $hook ): bool {
		return in_array( $hook, Visit::$running, true ) || ( 'get_the_excerpt' === $hook && Visit::is( 'excerpt' ) );
	}

	// -- Texts.

	function __( string $text, string $domain ): string {
		return Visit::$given['translations'][ $text ] ?? $text;
	}

	function esc_html__( string $text, string $domain ): string {
		return esc_html( __( $text, $domain ) );
	}

	function load_plugin_textdomain() {}

	function wp_set_script_translations() {}

	function esc_html( $text ): string {
		return htmlspecialchars( (string) $text, ENT_QUOTES, 'UTF-8', false );
	}

	function esc_attr( $text ): string {
		return esc_html( $text );
	}

	function esc_url_raw( string $url, ?array $protocols = null ): string {
		$url = preg_replace( '|[^a-z0-9-~+_.?#=!&;,/:%@$\|*\'()\[\]\\x80-\\xff]|i', '', trim( $url ) );
		$way = strtolower( strstr( $url, ':', true ) ?: '' );
		return in_array( $way, $protocols ?? array( 'http', 'https', 'mailto' ), true ) ? $url : '';
	}

	function esc_url( $url ): string {
		return str_replace( array( '&', "'" ), array( '&#038;', '&#039;' ), esc_url_raw( (string) $url ) );
	}

	function wp_parse_url( string $url ) {
		return parse_url( $url );
	}

	function wp_strip_all_tags( string $text ): string {
		return trim( strip_tags( preg_replace( '@<(script|style)[^>]*?>.*?</\\1>@si', '', $text ) ) );
	}

	function sanitize_text_field( $text ): string {
		return trim( preg_replace( '/\s+/', ' ', wp_strip_all_tags( (string) $text ) ) );
	}

	function sanitize_key( string $key ): string {
		return preg_replace( '/[^a-z0-9_\-]/', '', strtolower( $key ) );
	}

	function wp_unslash( $value ) {
		return is_string( $value ) ? stripslashes( $value ) : $value;
	}

	if ( ! function_exists( 'mb_substr' ) ) {
		function mb_substr( string $text, int $start, ?int $length = null ): string {
			return iconv_substr( $text, $start, $length ?? PHP_INT_MAX, 'UTF-8' );
		}
	}

	/** Keeps the elements and attributes that are on the list and says the others' words as text. */
	function wp_kses( string $html, array $allowed, array $protocols ): string {
		return preg_replace_callback(
			'#<!--.*?-->|<(/?)([a-z][a-z0-9-]*)((?:"[^"]*"|\'[^\']*\'|[^>"\'])*)>|<#is',
			static function ( array $found ) use ( $allowed, $protocols ): string {
				$name = strtolower( $found[2] ?? '' );
				if ( '' === $name ) {
					return '<' === $found[0] ? '&lt;' : '';
				}
				if ( ! isset( $allowed[ $name ] ) ) {
					return '';
				}
				return '/' === $found[1] ? "</$name>" : kses_element( $name, $found[3], $allowed[ $name ], $protocols );
			},
			$html
		);
	}

	function kses_element( string $name, string $written, array $allowed, array $protocols ): string {
		preg_match_all( '#([\w:-]+)(?:\s*=\s*("[^"]*"|\'[^\']*\'|[^\s>]+))?#', $written, $found, PREG_SET_ORDER );
		$kept = array();
		foreach ( $found as $attribute ) {
			$key   = strtolower( $attribute[1] );
			$value = isset( $attribute[2] ) ? trim( $attribute[2], '"\'' ) : null;
			if ( isset( $allowed[ $key ] ) && kses_value_passes( $key, (string) $value, $allowed[ $key ], $protocols ) ) {
				$kept[ $key ] = null === $value ? " $key" : " $key=\"" . esc_attr( $value ) . '"';
			}
		}
		foreach ( $allowed as $key => $rule ) {
			if ( ! empty( $rule['required'] ) && ! isset( $kept[ $key ] ) ) {
				return "<$name>";
			}
		}
		return "<$name" . implode( '', $kept ) . '>';
	}

	function kses_value_passes( string $key, string $value, $rule, array $protocols ): bool {
		if ( in_array( $key, array( 'href', 'src', 'action' ), true ) ) {
			$way = strtolower( strstr( html_entity_decode( $value ), ':', true ) ?: '' );
			if ( '' !== $way && ! in_array( $way, $protocols, true ) ) {
				return false;
			}
		}
		return ( ! isset( $rule['values'] ) || in_array( strtolower( $value ), $rule['values'], true ) )
			&& ( ! isset( $rule['value_callback'] ) || $rule['value_callback']( $value ) );
	}

	function force_balance_tags( string $html ): string {
		return $html;
	}

	// -- What is kept.

	function get_option( string $name, $otherwise = false ) {
		return Memory::with(
			static function () use ( $name, $otherwise ) {
				return Memory::$options[ $name ] ?? $otherwise;
			}
		);
	}

	function update_option( string $name, $value ) {
		Memory::with(
			static function () use ( $name, $value ) {
				Memory::$options[ $name ] = $value;
			}
		);
	}

	function delete_option( string $name ) {
		Memory::with(
			static function () use ( $name ) {
				unset( Memory::$options[ $name ] );
			}
		);
	}

	function get_transient( string $name ) {
		return \Store_Widget\time() <= get_option( "_transient_timeout_$name", 0 ) ? get_option( "_transient_$name" ) : false;
	}

	function set_transient( string $name, $value, int $seconds ) {
		update_option( "_transient_$name", $value );
		update_option( "_transient_timeout_$name", \Store_Widget\time() + $seconds );
	}

	function delete_transient( string $name ) {
		delete_option( "_transient_$name" );
		delete_option( "_transient_timeout_$name" );
	}

	function get_post_meta( int $post_id, string $key, bool $single ) {
		return Memory::with(
			static function () use ( $post_id, $key ) {
				return Memory::$meta[ "$post_id $key" ] ?? '';
			}
		);
	}

	function update_post_meta( int $post_id, string $key, $value ) {
		$value = call_user_func( Visit::$registered['meta'][ $key ]['sanitize_callback'], $value );
		Memory::with(
			static function () use ( $post_id, $key, $value ) {
				Memory::$meta[ "$post_id $key" ] = true === $value ? '1' : $value;
			}
		);
	}

	function delete_post_meta( int $post_id, string $key ) {
		Memory::with(
			static function () use ( $post_id, $key ) {
				unset( Memory::$meta[ "$post_id $key" ] );
			}
		);
	}

	function delete_post_meta_by_key( string $key ) {
		Memory::with(
			static function () use ( $key ) {
				foreach ( array_keys( Memory::$meta ) as $kept ) {
					if ( explode( ' ', $kept )[1] === $key ) {
						unset( Memory::$meta[ $kept ] );
					}
				}
			}
		);
	}

	function register_post_meta( string $post_type, string $key, array $described ) {
		Visit::$registered['meta'][ $key ] = $described;
	}

	function wp_parse_args( $given, array $usual ): array {
		return array_merge( $usual, (array) $given );
	}

	// -- Stories.

	function get_post() {
		return Visit::$post;
	}

	function get_the_ID() {
		return Visit::$post->ID;
	}

	function get_queried_object_id() {
		return Visit::$given['queried'] ?? Visit::$post->ID;
	}

	function get_permalink( WP_Post $post ) {
		return $post->link;
	}

	function get_the_title( WP_Post $post ): string {
		return $post->post_title;
	}

	function get_post_status( WP_Post $post ) {
		return $post->post_status;
	}

	function post_password_required( WP_Post $post ): bool {
		return '' !== $post->post_password;
	}

	function get_the_category( int $post_id ): array {
		return named( Visit::$post->categories );
	}

	function get_the_tags( int $post_id ) {
		return named( Visit::$post->tags ) ?: false;
	}

	function named( array $names ): array {
		return array_map(
			static function ( string $name ) {
				return (object) array( 'name' => $name );
			},
			$names
		);
	}

	function get_post_types( array $asked, string $as ): array {
		$types = array();
		foreach ( array( 'post' => 'Posts', 'page' => 'Pages', 'attachment' => 'Media' ) as $name => $label ) {
			$types[ $name ] = (object) array( 'name' => $name, 'label' => $label );
		}
		return $types;
	}

	function wp_list_pluck( array $list, string $field, string $key ): array {
		return array_column( array_map( 'get_object_vars', $list ), $field, $key );
	}

	// -- Where the visit is.

	function is_singular( $types ): bool {
		return ! Visit::is( 'list' ) && in_array( Visit::$post->post_type, (array) $types, true );
	}

	function in_the_loop(): bool {
		return ! Visit::is( 'head' );
	}

	function is_main_query(): bool {
		return ! Visit::is( 'other_query' );
	}

	function is_feed(): bool {
		return Visit::is( 'feed' );
	}

	function is_embed(): bool {
		return Visit::is( 'embed' );
	}

	function is_admin(): bool {
		return Visit::is( 'admin' );
	}

	function is_multisite(): bool {
		return false;
	}

	function get_bloginfo( string $what ): string {
		return array( 'name' => 'Gay Nation', 'language' => 'en-AU' )[ $what ];
	}

	function current_user_can( string $capability ): bool {
		return in_array( $capability, Visit::$given['capabilities'] ?? array(), true );
	}

	function get_current_user_id(): int {
		return 7;
	}

	// -- Shortcodes, blocks, scripts.

	function add_shortcode( string $name, callable $callback ) {
		Visit::$registered['shortcodes'][ $name ] = $callback;
	}

	function shortcode_atts( array $usual, array $given, string $shortcode ): array {
		return array_merge( $usual, array_intersect_key( $given, $usual ) );
	}

	function do_shortcode( string $content ): string {
		return preg_replace_callback(
			'/\[(store_widget)((?:"[^"]*"|[^\]"])*)\]/',
			static function ( array $found ): string {
				preg_match_all( '/(\w+)="([^"]*)"|(\S+)/', $found[2], $written, PREG_SET_ORDER );
				$attributes = array();
				foreach ( $written as $one ) {
					if ( isset( $one[3] ) ) {
						$attributes[] = $one[3];
					} else {
						$attributes[ $one[1] ] = $one[2];
					}
				}
				return call_user_func( Visit::$registered['shortcodes'][ $found[1] ], $attributes ?: '' );
			},
			$content
		);
	}
	add_filter( 'the_content', 'do_shortcode', 11 );

	function register_block_type( string $name, array $described ) {
		Visit::$registered['blocks'][ $name ] = $described;
	}

	function do_blocks( string $content ): string {
		return preg_replace_callback(
			'#<!-- wp:(store-widget/card) (\{.*?\})? ?/-->#',
			static function ( array $found ): string {
				return call_user_func( Visit::$registered['blocks'][ $found[1] ]['render_callback'], json_decode( $found[2] ?? '{}', true ) );
			},
			$content
		);
	}
	add_filter( 'the_content', 'do_blocks', 9 );

	function wp_register_script() {}

	function wp_register_style( string $name, string $source ) {
		Visit::$registered['styles'][ $name ] = $source;
	}

	function wp_enqueue_style( string $name ) {
		Visit::$registered['enqueued'][ $name ] = true;
	}

	function wp_print_script_tag( array $attributes ) {
		echo '<script';
		foreach ( $attributes as $name => $value ) {
			echo ' ', esc_attr( $name ), '="', esc_attr( $value ), '"';
		}
		echo "></script>\n";
	}

	function plugins_url( string $path, string $file ): string {
		return "https://news.example/wp-content/plugins/store-widget/$path";
	}

	function plugin_basename( string $file ): string {
		return 'store-widget/store-widget.php';
	}

	// -- Administration.

	function register_setting( string $group, string $option, array $described ) {
		Visit::$registered['settings'][ $option ] = $described;
	}

	function add_settings_section() {}

	function add_settings_field( string $name, string $title, callable $print, string $page, string $section, array $field ) {
		Visit::$registered['fields'][ $name ] = array( $title, $print, $field );
	}

	function do_settings_sections( string $page ) {
		foreach ( Visit::$registered['fields'] as list( $title, $print, $field ) ) {
			printf( '<label for="%s">%s</label>', esc_attr( $field['label_for'] ), $title );
			$print( $field );
		}
	}

	function add_settings_error( string $setting, string $code, string $message ) {
		Visit::$errors[ $code ] = $message;
	}

	function add_options_page( string $title, string $menu, string $capability, string $page, callable $print ) {
		Visit::$registered['page'] = compact( 'capability', 'print' );
	}

	function get_admin_page_title(): string {
		return 'Store widget';
	}

	function settings_fields( string $group ) {
		printf( '<input type="hidden" name="_wpnonce" value="%s">', esc_attr( $group ) );
	}

	function submit_button() {
		echo '<button>Save</button>';
	}

	function checked( $value, $wanted, bool $is_printed ): string {
		return $value === $wanted ? " checked='checked'" : '';
	}

	function selected( $value, $wanted, bool $is_printed ): string {
		return (string) $value === (string) $wanted ? " selected='selected'" : '';
	}

	function add_meta_box( string $id, string $title, callable $print ) {
		Visit::$registered['box'] = $print;
	}

	function wp_nonce_field( string $action, string $name ) {
		printf( '<input type="hidden" name="%s" value="%s">', esc_attr( $name ), esc_attr( "nonce-of-$action" ) );
	}

	function wp_verify_nonce( string $nonce, string $action ): bool {
		return "nonce-of-$action" === $nonce;
	}

	function wp_is_post_revision( int $post_id ): bool {
		return Visit::is( 'revision' );
	}

	// -- HTTP, for real.

	function is_wp_error( $thing ): bool {
		return $thing instanceof WP_Error;
	}

	function wp_remote_get( string $url, array $how ) {
		$context = stream_context_create(
			array(
				'http' => array(
					'timeout'         => $how['timeout'],
					'follow_location' => $how['redirection'] ? 1 : 0,
					'ignore_errors'   => true,
					'header'          => 'Connection: close',
				),
			)
		);
		$stream  = @fopen( $url, 'r', false, $context );
		if ( false === $stream ) {
			return new WP_Error( 'http_request_failed' );
		}
		$body = stream_get_contents( $stream, $how['limit_response_size'] );
		$seen = stream_get_meta_data( $stream );
		return $seen['timed_out'] ? new WP_Error( 'http_request_failed' ) : answered( $seen['wrapper_data'], $body );
	}

	function answered( array $lines, string $body ): array {
		$headers = array();
		foreach ( array_slice( $lines, 1 ) as $line ) {
			list( $name, $value )           = explode( ':', $line, 2 );
			$headers[ strtolower( $name ) ] = trim( $value );
		}
		return array(
			'code'    => (int) explode( ' ', $lines[0] )[1],
			'headers' => $headers,
			'body'    => $body,
		);
	}

	function wp_remote_retrieve_response_code( array $answer ): int {
		return $answer['code'];
	}

	function wp_remote_retrieve_header( array $answer, string $name ): string {
		return $answer['headers'][ $name ] ?? '';
	}

	function wp_remote_retrieve_body( array $answer ): string {
		return $answer['body'];
	}
}

namespace Store_Widget {

	/** The time of the visit: PHP looks for a function in the caller's namespace first. */
	function time(): int {
		return \time() + ( \Visit::$given['seconds_later'] ?? 0 );
	}
}
