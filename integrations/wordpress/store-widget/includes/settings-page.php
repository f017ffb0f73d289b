<?php
/**
 * The page under Settings where an administrator sets all of it.
 *
 * @package Store_Widget
 */

namespace Store_Widget;

defined( 'ABSPATH' ) || exit;

const PAGE = 'store-widget';

/**
 * Registers the option and its fields; WordPress checks nonce and capability when it is saved.
 */
function register_settings() {
	register_setting(
		PAGE,
		OPTION,
		array(
			'type'              => 'object',
			'sanitize_callback' => __NAMESPACE__ . '\sanitize_settings',
		)
	);
	add_settings_section( 'store', '', '__return_null', PAGE );
	foreach ( setting_fields() as $name => $field ) {
		$field += array(
			'name'      => $name,
			'label_for' => field_id( $name ),
		);
		add_settings_field( $name, $field['title'], __NAMESPACE__ . '\print_field', PAGE, 'store', $field );
	}
}

/**
 * Adds the page to the Settings menu.
 */
function add_settings_page() {
	add_options_page(
		__( 'Store widget', 'store-widget' ),
		__( 'Store widget', 'store-widget' ),
		'manage_options',
		PAGE,
		__NAMESPACE__ . '\print_settings_page'
	);
}

/**
 * Prints the page.
 */
function print_settings_page() {
	if ( ! current_user_can( 'manage_options' ) ) {
		return;
	}
	?>
	<div class="wrap">
		<h1><?php echo esc_html( get_admin_page_title() ); ?></h1>
		<form action="options.php" method="post">
			<?php
			settings_fields( PAGE );
			do_settings_sections( PAGE );
			submit_button();
			?>
		</form>
	</div>
	<?php
	forget_typed();
}

/**
 * Returns the fields of the page, in their order.
 *
 * @return array<string, array<string, mixed>>
 */
function setting_fields(): array {
	return array(
		'store'         => array(
			'title' => __( 'Address of the store', 'store-widget' ),
			'kind'  => 'url',
			'help'  => __( 'Such as https://shop.example. Nothing is shown until it is set.', 'store-widget' ),
		),
		'store_name'    => array(
			'title' => __( 'Name of the store', 'store-widget' ),
			'kind'  => 'text',
			'help'  => __( 'As in “Visit the … store now”.', 'store-widget' ),
		),
		'tips'          => array(
			'title' => __( 'Address for tips', 'store-widget' ),
			'kind'  => 'url',
			'help'  => __( 'Where “Tell us” leads; empty for the store’s own page.', 'store-widget' ),
		),
		'footer'        => array(
			'title' => __( 'Under every story', 'store-widget' ),
			'kind'  => 'checkbox',
			'help'  => __( 'Show the block at the end of a story. Where its author has placed it, it is not repeated.', 'store-widget' ),
		),
		'post_types'    => array(
			'title'   => __( 'What is a story', 'store-widget' ),
			'kind'    => 'checkboxes',
			'choices' => post_type_names(),
		),
		'mode'          => array(
			'title'   => __( 'How it gets there', 'store-widget' ),
			'kind'    => 'select',
			'choices' => array(
				'tag'    => __( 'The reader’s browser asks the store', 'store-widget' ),
				'server' => __( 'This site asks the store; no script', 'store-widget' ),
			),
		),
		'count'         => array(
			'title' => __( 'Products', 'store-widget' ),
			'kind'  => 'number',
			'least' => 0,
			'most'  => MOST_COUNT,
		),
		'newsletter'    => array(
			'title' => __( 'Newsletter', 'store-widget' ),
			'kind'  => 'checkbox',
			'help'  => __( 'Show the signup.', 'store-widget' ),
		),
		'theme'         => array(
			'title'   => __( 'Colours', 'store-widget' ),
			'kind'    => 'select',
			'choices' => array(
				'auto'  => __( 'As the reader’s device is set', 'store-widget' ),
				'light' => __( 'Light', 'store-widget' ),
				'dark'  => __( 'Dark', 'store-widget' ),
			),
		),
		'cache_seconds' => array(
			'title' => __( 'Seconds to keep a card', 'store-widget' ),
			'kind'  => 'number',
			'least' => SHORTEST_CACHE,
			'most'  => LONGEST_CACHE,
			'help'  => __( 'Where this site asks the store.', 'store-widget' ),
		),
		'script'        => array(
			'title' => __( 'Pinned script', 'store-widget' ),
			'kind'  => 'url',
			'help'  => __( 'Empty for the store’s current script.', 'store-widget' ),
		),
		'integrity'     => array(
			'title' => __( 'Its integrity', 'store-widget' ),
			'kind'  => 'text',
			'help'  => __( 'Begins with sha384-.', 'store-widget' ),
		),
	);
}

/**
 * Returns the kinds of posts that the site shows, by name.
 *
 * @return array<string, string>
 */
function post_type_names(): array {
	$names = wp_list_pluck( get_post_types( array( 'public' => true ), 'objects' ), 'label', 'name' );
	// A picture has a page of its own as well, but it is no story.
	unset( $names['attachment'] );
	return $names;
}

/**
 * Prints one field with what is set, or with what was typed and could not be.
 *
 * @param array<string, mixed> $field One of the fields above, with its name.
 */
function print_field( array $field ) {
	$value = typed()[ $field['name'] ] ?? settings()[ $field['name'] ];
	switch ( $field['kind'] ) {
		case 'checkbox':
			print_checkbox( $field, (bool) $value );
			return;
		case 'checkboxes':
			print_checkboxes( $field, (array) $value );
			return;
		case 'select':
			print_select( $field, $value );
			break;
		default:
			print_input( $field, $value );
	}
	if ( isset( $field['help'] ) ) {
		printf( '<p class="description">%s</p>', esc_html( $field['help'] ) );
	}
}

/**
 * Prints a text, an address or a number.
 *
 * @param array<string, mixed> $field The field.
 * @param mixed                $value What is set.
 */
function print_input( array $field, $value ) {
	// An address is typed into a plain text field: a browser's own check would hide our words.
	printf(
		'<input type="%1$s" id="%2$s" name="%3$s" value="%4$s" class="%5$s"',
		esc_attr( 'number' === $field['kind'] ? 'number' : 'text' ),
		esc_attr( field_id( $field['name'] ) ),
		esc_attr( field_name( $field['name'] ) ),
		esc_attr( $value ),
		esc_attr( 'number' === $field['kind'] ? 'small-text' : 'regular-text code' )
	);
	if ( 'number' === $field['kind'] ) {
		printf( ' min="%d" max="%d"', (int) $field['least'], (int) $field['most'] );
	}
	echo '>';
}

/**
 * Prints a choice between several.
 *
 * @param array<string, mixed> $field The field.
 * @param mixed                $value What is set.
 */
function print_select( array $field, $value ) {
	printf( '<select id="%s" name="%s">', esc_attr( field_id( $field['name'] ) ), esc_attr( field_name( $field['name'] ) ) );
	foreach ( $field['choices'] as $choice => $words ) {
		printf( '<option value="%s"%s>%s</option>', esc_attr( $choice ), selected( $value, $choice, false ), esc_html( $words ) );
	}
	echo '</select>';
}

/**
 * Prints something that is on or off.
 *
 * @param array<string, mixed> $field The field.
 * @param bool                 $is_on Whether it is on.
 */
function print_checkbox( array $field, bool $is_on ) {
	printf(
		'<label><input type="checkbox" id="%s" name="%s" value="1"%s> %s</label>',
		esc_attr( field_id( $field['name'] ) ),
		esc_attr( field_name( $field['name'] ) ),
		checked( $is_on, true, false ),
		esc_html( $field['help'] )
	);
}

/**
 * Prints several things, each of them on or off.
 *
 * @param array<string, mixed> $field The field.
 * @param string[]             $on    Those that are on.
 */
function print_checkboxes( array $field, array $on ) {
	echo '<fieldset>';
	foreach ( $field['choices'] as $choice => $words ) {
		printf(
			'<label><input type="checkbox" name="%s[]" value="%s"%s> %s</label><br>',
			esc_attr( field_name( $field['name'] ) ),
			esc_attr( $choice ),
			checked( in_array( $choice, $on, true ), true, false ),
			esc_html( $words )
		);
	}
	echo '</fieldset>';
}

/**
 * Returns the id of a field.
 *
 * @param string $name Its name.
 */
function field_id( string $name ): string {
	return 'store-widget-' . $name;
}

/**
 * Returns the name under which a field is sent.
 *
 * @param string $name Its name.
 */
function field_name( string $name ): string {
	return OPTION . '[' . $name . ']';
}

/**
 * Says at the top of the page what is wrong with a field.
 *
 * @param string $name  The field.
 * @param string $fault What is wrong, and what to do.
 */
function complain( string $name, string $fault ) {
	// Known in the administration alone; from a console there is nobody to tell.
	if ( function_exists( 'add_settings_error' ) ) {
		add_settings_error( OPTION, $name, $fault );
	}
}

/**
 * Keeps what was typed until the page is shown again: nobody types a long address twice.
 *
 * @param string $name The field.
 * @param string $text What was typed.
 */
function keep_typed( string $name, string $text ) {
	set_transient( typed_key(), array( $name => $text ) + typed(), MINUTE_IN_SECONDS );
}

/**
 * Returns what this person typed and could not be kept, by field.
 *
 * @return array<string, string>
 */
function typed(): array {
	$typed = get_transient( typed_key() );
	return is_array( $typed ) ? $typed : array();
}

/**
 * Forgets it, once it was shown.
 */
function forget_typed() {
	delete_transient( typed_key() );
}

/**
 * Returns where it is kept.
 */
function typed_key(): string {
	return 'store_widget_typed_' . get_current_user_id();
}
