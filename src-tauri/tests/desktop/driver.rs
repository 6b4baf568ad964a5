//! The few verbs of WebDriver that the tests need, spoken to WebKitWebDriver over plain HTTP.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::session::{DEADLINE, Group, Session, eventually};

/// A driver with our window, opened by the tray process as a person would.
pub(crate) struct Driver {
    port: u16,
    session: String,
    _process: Group,
}

impl Driver {
    /// Starts `usher-desktop --show` under the driver.
    ///
    /// What the driver tells the tray process by its environment reaches the window's process through it.
    pub(crate) fn open(session: &Session) -> Self {
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let mut command = session.command("WebKitWebDriver");
        command.arg(format!("--port={port}")).env("TAURI_WEBVIEW_AUTOMATION", "true").stdout(Stdio::null());
        let process = Group::spawn(&mut command);
        eventually("the driver listens", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        let mut driver = Self { port, session: String::new(), _process: process };
        let options = json!({ "binary": launcher(session), "args": [] });
        let wanted = json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": options } } });
        let opened = driver.send("POST", "/session", Some(&wanted)).expect("a WebDriver session");
        driver.session = opened["sessionId"].as_str().expect("a session id").to_owned();
        driver
    }

    /// Runs a script in the page and returns what it returns; promises are waited for.
    pub(crate) fn run(&self, script: &str) -> Value {
        let path = format!("/session/{}/execute/sync", self.session);
        let body = json!({ "script": script, "args": [] });
        self.send("POST", &path, Some(&body)).unwrap_or_else(|problem| panic!("{script}\n{problem}"))
    }

    /// Waits until a script returns true.
    #[track_caller]
    pub(crate) fn until(&self, what: &str, script: &str) {
        eventually(what, || self.run(script) == Value::Bool(true));
    }

    /// Waits until the page shows a text.
    #[track_caller]
    pub(crate) fn shows(&self, text: &str) {
        let text = json!(text);
        self.until(
            &format!("the window shows {text}"),
            &format!("return document.body.innerText.includes({text})"),
        );
    }

    /// Presses the button, tab or switch that has this for its words or its name, as soon as there is one.
    #[track_caller]
    pub(crate) fn press(&self, name: &str) {
        let script = format!(
            "const named = (it) => [it.innerText, it.getAttribute('aria-label')].some((name) => name?.trim() === {});\
             const found = [...document.querySelectorAll('button')].find((it) => named(it) && !it.disabled);\
             found?.click(); return found !== undefined",
            json!(name)
        );
        self.until(&format!("{name} can be pressed"), &script);
    }

    /// Types into the field of this name, in place of what is in it.
    #[track_caller]
    pub(crate) fn fill(&self, name: &str, text: &str) {
        let script = format!(
            "const named = (it) => [it.getAttribute('aria-label'), it.closest('label')?.innerText].some((name) => \
             name?.trim() === {});\
             const field = [...document.querySelectorAll('input')].find(named); if (!field) return false;\
             field.value = {}; field.dispatchEvent(new Event('change', {{ bubbles: true }})); return true",
            json!(name),
            json!(text)
        );
        self.until(&format!("{name} can be filled in"), &script);
    }

    /// Waits until the page has loaded and the owner has answered it.
    #[track_caller]
    pub(crate) fn loads(&self) {
        self.until("the page has loaded", "return document.querySelector('button') !== null");
    }

    /// Calls a command as the page does, and returns what came of it as text.
    pub(crate) fn call(&self, command: &str, arguments: &Value) -> Result<Value, Value> {
        let script = format!(
            "return window.__TAURI_INTERNALS__.invoke({}, {arguments}).then((it) => ['ok', it], (it) => ['no', it])",
            json!(command)
        );
        match self.run(&script) {
            Value::Array(mut outcome) if outcome.len() == 2 && outcome[0] == "ok" => Ok(outcome.remove(1)),
            Value::Array(mut outcome) if outcome.len() == 2 => Err(outcome.remove(1)),
            other => panic!("{command}: {other}"),
        }
    }

    fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        let body = body.map(ToString::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).map_err(|error| error.to_string())?;
        stream.set_read_timeout(Some(DEADLINE)).map_err(|error| error.to_string())?;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).map_err(|error| error.to_string())?;
        let answer = read_answer(&mut BufReader::new(stream)).map_err(|error| error.to_string())?;
        match &answer["value"] {
            Value::Object(value) if value.contains_key("error") => Err(answer["value"].to_string()),
            value => Ok(value.clone()),
        }
    }
}

/// Reads the body of an HTTP answer by its announced length.
fn read_answer(stream: &mut impl BufRead) -> std::io::Result<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(serde_json::from_slice(&body)?)
}

/// A program that starts the tray process and keeps what it says.
fn launcher(session: &Session) -> String {
    let binary = env!("CARGO_BIN_EXE_usher-desktop");
    let script = format!("#!/bin/sh\nexec '{binary}' --show 2>>'{}'\n", session.log().display());
    let path = session.write("launch", &script);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("a script that may run");
    path.display().to_string()
}
