//! Key chords: the one that opens the window, and those that rules wait for.

use std::fs;
use std::time::Duration;

use serde_json::json;
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{ConnectionExt, GrabMode, ModMask};

use crate::driver::Driver;
use crate::panel::Panel;
use crate::session::{Bus, Session, eventually, within};
use crate::{CHORD, closes, opens};

#[test]
fn the_hotkey_opens_and_closes_the_window() {
    let session = session!(Bus::Private);
    let panel = Panel::start(&session);
    let _usher = session.usher(&["--hidden"]);
    panel.item();
    opens(&session, || session.press(CHORD));
    closes(&session, || session.press(CHORD));
    opens(&session, || session.press(CHORD));
}

#[test]
fn a_chord_that_a_rule_waits_for_wakes_it_and_not_the_window() {
    let session = session!(Bus::Private);
    session.write(
        ".config/usher/rules/chord.yaml",
        "rules:\n  - when: { hotkey: Ctrl+Alt+J }\n    actions: [{ write: { text: pressed, outfile: ~/pressed.txt } }]\n",
    );
    let panel = Panel::start(&session);
    let _usher = session.usher(&["--hidden"]);
    panel.item();
    eventually("the chord wakes the rule", || {
        session.press("ctrl+alt+j");
        session.home().join("pressed.txt").exists()
    });
    assert!(!session.window_is_visible());
    opens(&session, || session.press(CHORD));
    // Gone from the rules, gone from the keys.
    fs::remove_file(session.home().join(".config/usher/rules/chord.yaml")).expect("the rule file");
    eventually("the chord is free again", || try_chord(&session, 'j').is_some());
}

#[test]
fn a_hotkey_that_another_program_holds_is_reported() {
    let session = session!(Bus::Private);
    let _other = hold_chord(&session, ' ');
    let panel = Panel::start(&session);
    let _usher = session.usher(&["--hidden"]);
    eventually("the clash is said on stderr", || {
        session.stderr().contains("Ctrl+Alt+Space is held by another program")
    });
    let item = panel.item();
    eventually("the clash is said by the icon", || {
        let tip = item.tooltip();
        tip.contains("Usher needs you") && tip.contains("held by another program")
    });
}

#[test]
fn a_hotkey_chosen_in_the_window_is_tried_before_it_is_kept() {
    let session = session!(Bus::Private);
    let _other = hold_chord(&session, 'q');
    let window = Driver::open(&session);
    window.loads();
    let choose = |chord: &str| {
        window
            .call("call", &json!({ "request": { "method": "set_settings", "params": { "hotkey": chord } } }))
    };
    let refused = choose("Ctrl+Alt+Q").expect_err("another program holds it");
    assert_eq!(refused["code"], "hotkey_taken");
    assert!(
        refused["message"]["text"]
            .as_str()
            .is_some_and(|text| text.contains("Ctrl+Alt+Q is held by another program"))
    );
    let refused = choose("Q").expect_err("no chord");
    assert!(
        refused["message"]["text"].as_str().is_some_and(|text| text.contains("no modifier")),
        "{refused}"
    );
    closes(&session, || session.press(CHORD));

    opens(&session, || session.press(CHORD));
    choose("Ctrl+Alt+U").expect("nobody holds it");
    closes(&session, || session.press("ctrl+alt+u"));
    opens(&session, || session.press("ctrl+alt+u"));
    session.press(CHORD);
    let closed = within(Duration::from_millis(600), || !session.window_is_visible());
    assert!(!closed, "the old chord is free again");
}

/// Takes Ctrl+Alt and a key as another program would, for as long as the value lives.
fn hold_chord(session: &Session, letter: char) -> impl Sized {
    try_chord(session, letter).expect("nobody else holds it")
}

/// The same, or `None` where somebody else holds it.
fn try_chord(session: &Session, letter: char) -> Option<impl Sized> {
    let (display, screen) = x11rb::connect(Some(&session.display)).expect("the display");
    let root = display.setup().roots[screen].root;
    let (first, last) = (display.setup().min_keycode, display.setup().max_keycode);
    let map =
        display.get_keyboard_mapping(first, last - first + 1).expect("asked").reply().expect("a keyboard");
    let place = map
        .keysyms
        .chunks(map.keysyms_per_keycode.into())
        .position(|key| key.contains(&u32::from(letter)))
        .expect("a key");
    let key = first + u8::try_from(place).expect("a keycode");
    let grab =
        display.grab_key(false, root, ModMask::CONTROL | ModMask::M1, key, GrabMode::ASYNC, GrabMode::ASYNC);
    grab.expect("asked").check().ok()?;
    Some(display)
}
