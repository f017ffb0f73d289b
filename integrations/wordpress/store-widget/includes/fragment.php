<?php
/**
 * What of the store's fragment is let into the page.
 *
 * The fragment comes from an address that an administrator set, over a way that nobody can write
 * into, and yet it is not trusted: a store that was broken into must not become a news site that
 * was. So it passes an allow-list of the markup that a card is made of. No script, no style, no id,
 * no frame, no event handler is on it; what the page loads and where a form is sent must lie at the
 * store itself. What remains in a bad store's hands is the words and pictures of its own block, and
 * the one stylesheet under its one address: that could change how the page looks, never what it does.
 *
 * @package Store_Widget
 */

namespace Store_Widget;

defined( 'ABSPATH' ) || exit;

const STYLESHEET = '/widget/v1.css';

/**
 * Returns a fragment that may be printed, or null for what is no card of this store.
 *
 * @param string $body  What the store answered.
 * @param string $store Its address.
 */
function safe_fragment( string $body, string $store ): ?string {
	$html = trim( wp_kses( $body, allowed_markup( $store ), array( 'http', 'https' ) ) );
	// An answer that was cut off has no end; what is open in it would swallow the rest of the page.
	$is_card = preg_match( '#^(<link [^>]*>)?\s*<aside [^>]*class="store-widget".*</aside>$#sD', $html );
	// Bare is a form that led elsewhere: it would send an address to the page that it stands on.
	if ( ! $is_card || false !== stripos( $html, '<form>' ) ) {
		return null;
	}
	// Where an author has placed the block, shortcodes are looked for in what it says.
	return str_replace( array( '[', ']' ), array( '&#91;', '&#93;' ), force_balance_tags( $html ) );
}

/**
 * Returns the fragment without its signup.
 *
 * @param string $html A fragment that may be printed.
 */
function without_newsletter( string $html ): string {
	return preg_replace( '#<form\b.*?</form>#s', '', $html ) ?? '';
}

/**
 * Returns the elements and attributes of a card: those of the store's own template.
 *
 * Links may lead elsewhere: tips do where the newsroom has a page of its own.
 *
 * @param string $store Its address.
 * @return array<string, array<string, mixed>>
 */
function allowed_markup( string $store ): array {
	$is_there = static function ( string $addresses ) use ( $store ): bool {
		return lies_at( $store, $addresses );
	};
	$elements = array(
		'aside'  => array(
			'aria-label' => true,
			'lang'       => true,
		),
		'link'   => array(
			'rel'  => array(
				'required' => true,
				'values'   => array( 'stylesheet' ),
			),
			'href' => array(
				'required' => true,
				'values'   => array( $store . STYLESHEET ),
			),
		),
		'p'      => array(),
		'ul'     => array( 'role' => true ),
		'li'     => array(),
		'a'      => array(
			'href' => true,
			'rel'  => true,
		),
		'img'    => array(
			'src'      => array( 'value_callback' => $is_there ),
			'srcset'   => array( 'value_callback' => $is_there ),
			'sizes'    => true,
			'width'    => true,
			'height'   => true,
			'alt'      => true,
			'loading'  => true,
			'decoding' => true,
		),
		'span'   => array(),
		'form'   => array(
			'action' => array(
				'required'       => true,
				'value_callback' => $is_there,
			),
			'method' => array( 'values' => array( 'post' ) ),
		),
		'label'  => array( 'aria-hidden' => true ),
		'input'  => array(
			'type'         => array( 'values' => array( 'email', 'hidden', 'text' ) ),
			'name'         => true,
			'value'        => true,
			'maxlength'    => true,
			'autocomplete' => true,
			'required'     => true,
			'tabindex'     => true,
		),
		'button' => array( 'type' => array( 'values' => array( 'submit' ) ) ),
	);
	foreach ( $elements as $name => $attributes ) {
		$elements[ $name ] = $attributes + array( 'class' => true );
	}
	return $elements;
}

/**
 * Whether an address, or each of a set of pictures, lies at the store.
 *
 * @param string $store     Address of the store.
 * @param string $addresses What an attribute says.
 */
function lies_at( string $store, string $addresses ): bool {
	foreach ( preg_split( '/\s*,\s*/', $addresses ) as $address ) {
		if ( 0 !== strpos( $address, $store . '/' ) ) {
			return false;
		}
	}
	return true;
}
