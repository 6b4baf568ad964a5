//! The portal's side, played on a bus of the test's own.

use std::sync::Mutex;
use std::sync::mpsc::{RecvTimeoutError, Sender};

use usher_testkit::Bus;
use zbus::interface;
use zbus::message::Header;
use zbus::zvariant::ObjectPath;

use super::*;

/// Long enough for a busy machine; only a failing test waits for it.
const SOON: Duration = Duration::from_secs(30);

/// A portal whose user says yes to all but what is to be refused.
struct Desk {
    bound: Sender<Bound>,
    /// What the user says to chords with this word in them: no.
    refused: Option<&'static str>,
    /// What the user says to the whole dialog, if anything.
    code: Option<u32>,
    closed: Arc<Mutex<u32>>,
}

/// What was asked for: each chord with the keys it is wished on.
#[derive(Debug, PartialEq)]
struct Bound {
    session: String,
    chords: Vec<(String, Option<String>)>,
}

fn text(options: &Results, key: &str) -> Option<String> {
    options.get(key).and_then(|value| String::try_from(value.try_clone().unwrap()).ok())
}

fn path_of(header: &Header<'_>, options: &Results, what: &str, token: &str) -> String {
    let sender = header.sender().unwrap().trim_start_matches(':').replace('.', "_");
    format!("{PATH}/{what}/{sender}/{}", text(options, token).unwrap())
}

async fn answer(connection: &zbus::Connection, request: &str, code: u32, results: HashMap<&str, Value<'_>>) {
    connection.emit_signal(None::<&str>, request, REQUEST, "Response", &(code, results)).await.unwrap();
}

#[interface(name = "org.freedesktop.portal.GlobalShortcuts")]
impl Desk {
    #[zbus(property, name = "version")]
    fn version(&self) -> u32 {
        1
    }

    async fn create_session(
        &self,
        options: Results,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &zbus::Connection,
    ) -> OwnedObjectPath {
        let request = path_of(&header, &options, "request", "handle_token");
        let session = path_of(&header, &options, "session", "session_handle_token");
        let path = ObjectPath::try_from(session.clone()).unwrap();
        let end = Session(Arc::clone(&self.closed));
        connection.object_server().at(path, end).await.unwrap();
        // The answer comes before the method returns, as it may.
        answer(connection, &request, 0, HashMap::from([("session_handle", Value::from(session))])).await;
        OwnedObjectPath::try_from(request).unwrap()
    }

    async fn bind_shortcuts(
        &self,
        session: OwnedObjectPath,
        shortcuts: Vec<(String, Results)>,
        _parent: String,
        options: Results,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &zbus::Connection,
    ) -> OwnedObjectPath {
        let request = path_of(&header, &options, "request", "handle_token");
        let chords = shortcuts.iter().map(|(id, about)| (id.clone(), text(about, "preferred_trigger")));
        self.bound.send(Bound { session: session.to_string(), chords: chords.collect() }).unwrap();
        let taken = shortcuts.iter().filter(|(id, _)| !self.refused.is_some_and(|word| id.contains(word)));
        let taken: Vec<(String, Options<'_>)> = taken.map(|(id, _)| (id.clone(), HashMap::new())).collect();
        if let Some(code) = self.code {
            answer(connection, &request, code, HashMap::from([("shortcuts", Value::from(taken))])).await;
        }
        OwnedObjectPath::try_from(request).unwrap()
    }
}

struct Session(Arc<Mutex<u32>>);

#[interface(name = "org.freedesktop.portal.Session")]
impl Session {
    fn close(&self) {
        *self.0.lock().unwrap() += 1;
    }
}

/// A running portal, and what it was asked.
struct Running {
    connection: Connection,
    bound: Receiver<Bound>,
    closed: Arc<Mutex<u32>>,
}

impl Running {
    fn start(bus: &Bus, refused: Option<&'static str>, code: u32) -> Self {
        Self::with(bus, refused, Some(code))
    }

    /// One whose user does not come to say anything.
    fn asking(bus: &Bus) -> Self {
        Self::with(bus, None, None)
    }

    fn with(bus: &Bus, refused: Option<&'static str>, code: Option<u32>) -> Self {
        let ((send, bound), closed) = (channel(), Arc::default());
        let desk = Desk { bound: send, refused, code, closed: Arc::clone(&closed) };
        let connection = Builder::address(bus.address().as_str()).unwrap();
        let connection = connection.serve_at(PATH, desk).unwrap().name(PORTAL).unwrap().build().unwrap();
        Self { connection, bound, closed }
    }

    fn is_asked(&self) -> Bound {
        self.bound.recv_timeout(SOON).unwrap()
    }

    fn presses(&self, session: &str, id: &str) {
        activate(&self.connection, session, id);
    }
}

fn activate(connection: &Connection, session: &str, id: &str) {
    let session = ObjectPath::try_from(session).unwrap();
    let body = (session, id, 7_u64, HashMap::<&str, Value<'_>>::new());
    connection.emit_signal(None::<&str>, PATH, SHORTCUTS, "Activated", &body).unwrap();
}

fn open(bus: &Bus) -> (Portal, Receiver<Told>) {
    let (send, told) = channel();
    let portal =
        Portal::on(Builder::address(bus.address().as_str()), Arc::new(move |what| drop(send.send(what))));
    (portal.unwrap(), told)
}

fn chord(written: &str) -> Shortcut {
    written.parse().unwrap()
}

fn wish(chord: &Shortcut, trigger: &str) -> (String, Option<String>) {
    (chord.to_string(), Some(trigger.to_owned()))
}

#[test]
fn chords_are_asked_for_together_and_their_presses_told() {
    let bus = Bus::running();
    let desk = Running::start(&bus, None, 0);
    let (portal, told) = open(&bus);
    let (open, import) = (chord("Ctrl+Alt+Space"), chord("Shift+Super+I"));
    portal.hold(&open).unwrap();
    portal.hold(&import).unwrap();
    let asked = desk.is_asked();
    assert_eq!(asked.chords, [wish(&open, "CTRL+ALT+space"), wish(&import, "SHIFT+LOGO+i")]);
    // Somebody else says so as well, and something nobody asked for comes from the portal.
    activate(&bus.connect(), &asked.session, &open.to_string());
    desk.presses(&asked.session, "what?");
    desk.presses(&asked.session, &import.to_string());
    assert_eq!(told.recv_timeout(SOON), Ok(Told::Pressed(import)));
    desk.presses(&asked.session, &open.to_string());
    assert_eq!(told.recv_timeout(SOON), Ok(Told::Pressed(open)));

    // Other chords take another session, and the old one ends.
    portal.release(&import);
    let anew = desk.is_asked();
    assert_eq!(anew.chords, [wish(&open, "CTRL+ALT+space")]);
    assert_ne!(anew.session, asked.session);
    assert_eq!(*desk.closed.lock().unwrap(), 1);
    assert_eq!(told.recv_timeout(Duration::ZERO), Err(RecvTimeoutError::Timeout));
}

#[test]
fn what_the_user_refuses_is_told() {
    let bus = Bus::running();
    let desk = Running::start(&bus, Some("KeyI"), 0);
    let (portal, told) = open(&bus);
    portal.hold(&chord("Ctrl+Alt+I")).unwrap();
    desk.is_asked();
    let refused =
        Told::Refused(chord("Ctrl+Alt+I"), Cause::Unavailable("the desktop did not take it".to_owned()));
    assert_eq!(told.recv_timeout(SOON), Ok(refused));
    drop(desk);

    let desk = Running::start(&bus, None, 1);
    desk.is_asked();
    let declined = Told::Refused(
        chord("Ctrl+Alt+I"),
        Cause::Unavailable("it was declined when the desktop asked".to_owned()),
    );
    assert_eq!(told.recv_timeout(SOON), Ok(declined));
}

#[test]
fn a_portal_that_is_started_anew_is_asked_anew() {
    let bus = Bus::running();
    let desk = Running::start(&bus, None, 0);
    let (portal, told) = open(&bus);
    let chord = chord("Ctrl+Alt+Space");
    portal.hold(&chord).unwrap();
    desk.is_asked();
    // The next one takes the name over in a single step; the one after it finds it free.
    let other = Running::start(&bus, None, 0);
    assert_eq!(other.is_asked().chords, [wish(&chord, "CTRL+ALT+space")]);
    drop(desk);
    drop(other);
    let desk = Running::start(&bus, None, 0);
    let asked = desk.is_asked();
    assert_eq!(asked.chords, [wish(&chord, "CTRL+ALT+space")]);
    desk.presses(&asked.session, &chord.to_string());
    assert_eq!(told.recv_timeout(SOON), Ok(Told::Pressed(chord)));
}

#[test]
fn a_portal_that_ends_while_it_asks_is_waited_for_no_longer() {
    let bus = Bus::running();
    let desk = Running::asking(&bus);
    let (portal, told) = open(&bus);
    let chord = chord("Ctrl+Alt+Space");
    portal.hold(&chord).unwrap();
    desk.is_asked();
    drop(desk);
    // The next one is asked anew, and nothing was refused.
    let next = Running::asking(&bus);
    assert_eq!(next.is_asked().chords, [wish(&chord, "CTRL+ALT+space")]);
    assert_eq!(told.recv_timeout(Duration::ZERO), Err(RecvTimeoutError::Timeout));
    drop(next);
    // None follows this one.
    assert!(matches!(told.recv_timeout(SOON), Ok(Told::Refused(of, _)) if of == chord));
}

#[test]
fn a_desktop_without_a_portal_says_so() {
    let bus = Bus::running();
    let on = Portal::on(Builder::address(bus.address().as_str()), Arc::new(|_| ()));
    assert!(on.err().unwrap().contains(PORTAL));
}

#[test]
fn a_chord_is_wished_in_the_words_of_the_portal() {
    for (written, wanted) in [
        ("Ctrl+Alt+Space", Some("CTRL+ALT+space")),
        ("Super+7", Some("LOGO+7")),
        ("Ctrl+Shift+F12", Some("CTRL+SHIFT+F12")),
        ("Alt+ArrowUp", Some("ALT+Up")),
        ("Ctrl+AudioVolumeMute", None),
    ] {
        assert_eq!(trigger(&chord(written)).as_deref(), wanted, "{written}");
    }
}
