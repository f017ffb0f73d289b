<?php
/**
 * The block as markup: the tag, the store's own card, or the two lines that need nobody.
 *
 * @package Store_Widget
 */

namespace Store_Widget;

defined( 'ABSPATH' ) || exit;

const PLACE_CLASS = 'store-widget-place';

/**
 * Returns the block of a story; empty where there is no store yet or the story is locked.
 *
 * @param \WP_Post             $post   The story.
 * @param array<string, mixed> $placed What a shortcode or a block says: products, quiet, count.
 */
function block_under( \WP_Post $post, array $placed = array() ): string {
	$settings = settings();
	if ( '' === $settings['store'] || post_password_required( $post ) ) {
		return '';
	}
	wp_enqueue_style( 'store-widget' );
	return sprintf(
		'<div class="%1$s %1$s--%2$s">%3$s</div>',
		esc_attr( PLACE_CLASS ),
		esc_attr( $settings['theme'] ),
		is_out( $post ) ? tag_or_card( story_of( $post, $placed ), $settings ) : plain_lines( $settings )
	);
}

/**
 * Returns what stands under a story that is out.
 *
 * @param array<string, mixed> $story    What is asked about.
 * @param array<string, mixed> $settings The settings in force.
 */
function tag_or_card( array $story, array $settings ): string {
	if ( 'server' !== $settings['mode'] ) {
		return tag( $story, $settings );
	}
	$card = card_of( $story, $settings );
	if ( '' === $card ) {
		return plain_lines( $settings );
	}
	return $settings['newsletter'] ? $card : without_newsletter( $card );
}

/**
 * Returns the two lines.
 *
 * @param array<string, mixed> $settings The settings in force.
 */
function plain_lines( array $settings ): string {
	$tips = '' !== $settings['tips'] ? $settings['tips'] : $settings['store'] . '/tips';
	/* translators: %s: name of the store */
	$visit = sprintf( __( 'Visit the %s store now', 'store-widget' ), $settings['store_name'] );
	return sprintf(
		'<p><a href="%s">%s</a></p><p>%s <a href="%s">%s</a></p>',
		esc_url( $settings['store'] . '/' ),
		esc_html( $visit ),
		esc_html__( 'Got tips, or a story that you would like published?', 'store-widget' ),
		esc_url( $tips ),
		esc_html__( 'Tell us', 'store-widget' )
	);
}

/**
 * Returns the tag with the two lines inside, and sees to its script.
 *
 * @param array<string, mixed> $story    What is asked about.
 * @param array<string, mixed> $settings The settings in force.
 */
function tag( array $story, array $settings ): string {
	// After everything else in the footer: an import map must come before the first module.
	add_action( 'wp_footer', __NAMESPACE__ . '\print_script', 100 );
	return sprintf(
		'<store-widget store="%s" url="%s"%s%s>%s</store-widget>',
		esc_url( $settings['store'] ),
		esc_url( $story['url'] ),
		attributes_of( $story, $settings ),
		$story['quiet'] ? ' quiet' : '',
		plain_lines( $settings )
	);
}

/**
 * Returns those attributes that say something.
 *
 * @param array<string, mixed> $story    What is asked about.
 * @param array<string, mixed> $settings The settings in force.
 */
function attributes_of( array $story, array $settings ): string {
	$attributes = array(
		'title'      => $story['title'],
		'section'    => $story['section'],
		'tags'       => implode( ',', $story['tags'] ),
		'products'   => $story['products'],
		'count'      => USUAL_COUNT === $story['count'] ? '' : (string) $story['count'],
		'newsletter' => $settings['newsletter'] ? '' : 'off',
		'theme'      => 'auto' === $settings['theme'] ? '' : $settings['theme'],
	);
	$written    = '';
	foreach ( array_filter( $attributes, 'strlen' ) as $name => $value ) {
		$written .= sprintf( ' %s="%s"', $name, esc_attr( $value ) );
	}
	return $written;
}

/**
 * Prints the script of the tag, once a page: the store's current one, or the one that was pinned.
 */
function print_script() {
	$settings   = settings();
	$is_pinned  = '' !== $settings['script'];
	$attributes = array(
		'type' => 'module',
		'src'  => esc_url( $is_pinned ? $settings['script'] : $settings['store'] . '/widget/v1.js' ),
	);
	if ( $is_pinned && '' !== $settings['integrity'] ) {
		$attributes['integrity']   = $settings['integrity'];
		$attributes['crossorigin'] = 'anonymous';
	}
	wp_print_script_tag( $attributes );
}
