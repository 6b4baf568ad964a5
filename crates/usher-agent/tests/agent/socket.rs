//! The socket as programs of others find it: lines in, lines out.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;

use serde_json::{Value, json};
use usher_agent::api::{PauseFor, Request, Status};

use crate::room::{PATIENCE, Room};

struct Wire {
    stream: BufReader<UnixStream>,
}

impl Wire {
    fn to(room: &Room) -> Self {
        let stream = UnixStream::connect(&room.dirs.socket).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self { stream: BufReader::new(stream) }
    }

    fn send(&mut self, line: &str) {
        self.stream.get_mut().write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    fn line(&mut self) -> Option<Value> {
        let mut line = String::new();
        match self.stream.read_line(&mut line).unwrap() {
            0 => None,
            _ => Some(serde_json::from_str(&line).unwrap()),
        }
    }
}

#[test]
fn json_rpc_as_it_is_written() {
    let room = Room::new();
    let _owner = room.watching();
    let mut wire = Wire::to(&room);
    wire.send(r#"{"jsonrpc":"2.0","id":"a","method":"owner"}"#);
    let answer = wire.line().unwrap();
    assert_eq!((&answer["jsonrpc"], &answer["id"]), (&json!("2.0"), &json!("a")));
    assert_eq!(answer["result"]["pid"], json!(std::process::id()));
    wire.send(r#"{"jsonrpc":"2.0","id":2,"method":"why","params":{"path":"relative"}}"#);
    let refusal = wire.line().unwrap();
    assert_eq!(
        (&refusal["error"]["code"], &refusal["error"]["data"]["code"]),
        (&json!(-32000), &json!("bad_params"))
    );
}

#[test]
fn what_is_malformed_is_answered_and_the_connection_goes_on() {
    let room = Room::new();
    let _owner = room.watching();
    let mut wire = Wire::to(&room);
    for (line, code) in
        [("nonsense", -32700), ("[]", -32600), (r#"{"jsonrpc":"2.0","id":1,"method":"x"}"#, -32601)]
    {
        wire.send(line);
        assert_eq!(wire.line().unwrap()["error"]["code"], json!(code), "{line}");
    }
    // No answer to a call without an id, and none to an empty line.
    wire.send("");
    wire.send(r#"{"jsonrpc":"2.0","method":"resume"}"#);
    wire.send(r#"{"jsonrpc":"2.0","id":9,"method":"owner"}"#);
    assert_eq!(wire.line().unwrap()["id"], json!(9));
}

#[test]
fn a_huge_line_is_refused_before_it_is_read_and_others_do_not_notice() {
    let room = Room::new();
    let _owner = room.watching();
    let mut wire = Wire::to(&room);
    let mut writer = wire.stream.get_ref().try_clone().unwrap();
    let writing = std::thread::spawn(move || {
        let chunk = vec![b'x'; 64 * 1024];
        // The owner hangs up in the middle of it.
        (0..64).take_while(|_| writer.write_all(&chunk).is_ok()).count()
    });
    assert_eq!(wire.line().unwrap()["error"]["code"], json!(-32600));
    assert!(room.guest().ask(&Request::Status).is_ok());
    drop(wire);
    assert!(writing.join().unwrap() < 64);
}

#[test]
fn a_subscriber_that_does_not_read_is_let_go_and_holds_nobody_up() {
    const SENT: usize = 20_000;
    let room = Room::new();
    let owner = room.watching();
    let mut slow = Wire::to(&room);
    slow.send(r#"{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"events":true}}"#);
    assert_eq!(slow.line().unwrap()["result"], Value::Null);
    // Played events are told at once, each of them: far more than fit into the queue and the socket's buffer.
    let rescan = Request::Trigger {
        event: usher_agent::api::TriggerEvent::Rescan { path: "/nowhere/".to_owned() + &"x".repeat(2000) },
        simulate: false,
    };
    for _ in 0..SENT {
        owner.ask(&rescan).unwrap();
    }
    let mut last = Value::Null;
    let mut lines = 0;
    while let Ok(Some(line)) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| slow.line())) {
        last = line;
        lines += 1;
    }
    assert!(lines < SENT, "{lines}");
    assert_eq!(last["params"]["type"], json!("gone"));
    assert!(owner.call::<Status>(&Request::Pause(PauseFor::UntilResumed)).is_ok());
}
