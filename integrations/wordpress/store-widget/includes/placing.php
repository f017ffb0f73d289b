<?php
/**
 * Where the block stands: at the end of stories, or where a shortcode or a block puts it.
 *
 * @package Store_Widget
 */

namespace Store_Widget;

defined( 'ABSPATH' ) || exit;

/**
 * Adds the block to the end of a story.
 *
 * @param string $content The story, all but ready.
 */
function append_block( $content ) {
	$content = (string) $content;
	return is_footer_due( $content ) ? $content . block_under( get_post() ) : $content;
}

/**
 * Whether this is the one story that the page is about, being printed for a reader.
 *
 * Themes and other plugins run the same filter for excerpts, descriptions and lists of related
 * stories; nothing is remembered from one run to the next, because nobody knows which one is shown.
 *
 * @param string $content The story, all but ready.
 */
function is_footer_due( string $content ): bool {
	$settings = settings();
	return $settings['footer']
		&& $settings['post_types']
		&& is_for_readers()
		&& is_singular( $settings['post_types'] )
		&& in_the_loop()
		&& is_main_query()
		&& get_the_ID() === get_queried_object_id()
		// Its author has placed it already.
		&& false === strpos( $content, PLACE_CLASS );
}

/**
 * Whether a page of the site is being made: no feed, no excerpt, no machine's answer, no editor.
 */
function is_for_readers(): bool {
	$is_rest = defined( 'REST_REQUEST' ) && REST_REQUEST;
	return ! $is_rest && ! is_admin() && ! is_feed() && ! is_embed() && ! doing_filter( 'get_the_excerpt' );
}

/**
 * Returns the block for [store_widget products="a,b" quiet="1" count="2"].
 *
 * @param mixed $attributes What stands in the brackets; nothing is an empty text.
 */
function shortcode( $attributes ): string {
	$attributes = (array) $attributes;
	$usual      = array(
		'products' => '',
		// A word alone counts as well: [store_widget quiet].
		'quiet'    => in_array( 'quiet', $attributes, true ) ? '1' : '',
		'count'    => '',
	);
	return placed_block( shortcode_atts( $usual, $attributes, 'store_widget' ) );
}

/**
 * Returns the block where somebody has placed it.
 *
 * @param array<string, mixed> $placed Products, quiet and count as its author set them.
 */
function placed_block( $placed ): string {
	$post = get_post();
	return $post && is_for_readers() ? block_under( $post, (array) $placed ) : '';
}

/**
 * Registers the block of the editor; its script only sets what placed_block() reads.
 */
function register_block() {
	wp_register_script(
		'store-widget-block',
		plugins_url( 'assets/block.js', FILE ),
		array( 'wp-blocks', 'wp-block-editor', 'wp-components', 'wp-element', 'wp-i18n' ),
		VERSION,
		true
	);
	wp_set_script_translations( 'store-widget-block', 'store-widget' );
	register_block_type(
		'store-widget/card',
		array(
			'api_version'           => 3,
			'title'                 => __( 'Store', 'store-widget' ),
			'description'           => __( 'The store’s block: a line to it, products that fit the story, newsletter and tips.', 'store-widget' ),
			'category'              => 'widgets',
			'icon'                  => 'store',
			'supports'              => array(
				'html'     => false,
				'multiple' => false,
			),
			'attributes'            => array(
				'products' => array(
					'type'    => 'string',
					'default' => '',
				),
				'quiet'    => array(
					'type'    => 'boolean',
					'default' => false,
				),
				'count'    => array(
					'type'    => 'string',
					'default' => '',
				),
			),
			'editor_script_handles' => array( 'store-widget-block' ),
			'render_callback'       => __NAMESPACE__ . '\placed_block',
		)
	);
}

/**
 * Brings the stylesheet where a story is; it keeps the place of the tag until its script is there.
 */
function enqueue_stylesheet() {
	wp_register_style( 'store-widget', plugins_url( 'assets/store-widget.css', FILE ), array(), VERSION );
	$settings = settings();
	if ( '' !== $settings['store'] && $settings['post_types'] && is_singular( $settings['post_types'] ) ) {
		wp_enqueue_style( 'store-widget' );
	}
}
