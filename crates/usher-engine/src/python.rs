//! The interpreter that is kept for the user's Python.
//!
//! Starting one takes longer than most code, so a process that has answered is kept for the next request. It ends by
//! itself when nobody has asked for a minute, and nothing runs in here while it waits: one thread sleeps in a read until
//! it says something or ends. Several calls at once get a process each.
//!
//! A process whose code takes too long is ended with everything it has started, and one that ends in the middle of a
//! request has failed it. One that has ended before it took the request up is replaced without a word.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use usher_event::sentence;
use usher_rule::python::BOOTSTRAP;
use usher_rule::{PythonAnswer, PythonCall};

/// How long an interpreter may take to start, and to take up a request.
const STARTS_WITHIN: Duration = Duration::from_secs(20);

/// The longest line a process may answer with.
const LONGEST: u64 = 8 * 1024 * 1024;

/// Processes that are kept while nobody asks.
const KEPT: usize = 4;

/// Interpreters of the user's.
#[derive(Default)]
pub(crate) struct Python {
    idle: Mutex<Vec<Process>>,
}

impl Python {
    /// Runs a call to its end.
    pub(crate) fn call(&self, call: &PythonCall) -> io::Result<PythonAnswer> {
        loop {
            let (mut process, fresh) = match lock(&self.idle).pop() {
                Some(process) => (process, false),
                None => (Process::start()?, true),
            };
            match process.ask(call) {
                Ok(line) => {
                    let mut idle = lock(&self.idle);
                    if idle.len() < KEPT {
                        idle.push(process);
                    }
                    return PythonAnswer::parse(&line);
                }
                // One that was kept may have gone meanwhile; the next is asked instead.
                Err(Failure::NotBegun) if !fresh => {}
                Err(Failure::NotBegun) => {
                    return Err(io::Error::other(sentence!("python-deaf", "Python does not take requests")));
                }
                Err(Failure::Ended) => {
                    return Err(io::Error::other(sentence!(
                        "python-ended",
                        "Python ended in the middle of the code"
                    )));
                }
                Err(Failure::TimedOut) => {
                    let message = sentence!(
                        "python-too-long",
                        "the code took longer than {time} and was ended",
                        time = seconds(call.timeout)
                    );
                    return Err(io::Error::new(io::ErrorKind::TimedOut, message));
                }
            }
        }
    }
}

/// Why a process has no answer.
enum Failure {
    /// It never took the request up.
    NotBegun,
    Ended,
    TimedOut,
}

/// One interpreter.
struct Process {
    requests: ChildStdin,
    lines: Receiver<String>,
    child: Arc<Mutex<Child>>,
}

impl Process {
    /// Starts the first interpreter that is a Python 3.
    fn start() -> io::Result<Self> {
        let candidates = candidates(std::env::var_os("USHER_PYTHON"));
        for candidate in &candidates {
            if let Some(process) = Self::try_start(candidate) {
                return Ok(process);
            }
        }
        let tried: Vec<_> = candidates.iter().map(|words| words[0].to_string_lossy()).collect();
        Err(io::Error::new(
            io::ErrorKind::NotFound,
            sentence!(
                "python-none",
                "no Python 3 was found (tried {tried}): install it, or name it in the environment variable \
                 USHER_PYTHON",
                tried = tried.join(", "),
            ),
        ))
    }

    fn try_start(candidate: &[OsString]) -> Option<Self> {
        let (program, arguments) = candidate.split_first()?;
        let mut command = Command::new(program);
        command.args(arguments).arg("-c").arg(BOOTSTRAP);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn().ok()?;
        let (requests, answers) = (child.stdin.take()?, child.stdout.take()?);
        let child = Arc::new(Mutex::new(child));
        let (tell, lines) = sync_channel(4);
        let reaped = Arc::clone(&child);
        let reading = std::thread::Builder::new().name("usher-python".into());
        let reading = reading.spawn(move || {
            read_lines(answers, &tell);
            // Whatever cannot answer any more is of no use; and somebody has to see it go.
            end(&reaped);
        });
        let process = Self { requests, lines, child };
        if reading.is_err() {
            end(&process.child);
            return None;
        }
        let hello = process.lines.recv_timeout(STARTS_WITHIN).ok();
        if hello.as_deref() == Some("{\"python\": 3}") {
            return Some(process);
        }
        end(&process.child);
        None
    }

    fn ask(&mut self, call: &PythonCall) -> Result<String, Failure> {
        let written = self.requests.write_all(call.request.as_bytes());
        let written =
            written.and_then(|()| self.requests.write_all(b"\n")).and_then(|()| self.requests.flush());
        if written.is_err() || self.lines.recv_timeout(STARTS_WITHIN).as_deref() != Ok("begun") {
            end(&self.child);
            return Err(Failure::NotBegun);
        }
        let begun = Instant::now();
        self.lines.recv_timeout(call.timeout).map_err(|error| {
            end(&self.child);
            match error {
                RecvTimeoutError::Timeout if begun.elapsed() >= call.timeout => Failure::TimedOut,
                _ => Failure::Ended,
            }
        })
    }
}

/// What to try, in order; the user's word alone where there is one.
fn candidates(named: Option<OsString>) -> Vec<Vec<OsString>> {
    if let Some(named) = named.filter(|named| !named.is_empty()) {
        return vec![vec![named]];
    }
    let mut candidates: Vec<Vec<OsString>> = Vec::new();
    if cfg!(windows) {
        candidates.push(vec!["py".into(), "-3".into()]);
    }
    candidates.extend([vec!["python3".into()], vec!["python".into()]]);
    candidates
}

/// Passes on what the process says, a line at a time, until it says no more or too much.
fn read_lines(answers: ChildStdout, tell: &SyncSender<String>) {
    let mut answers = BufReader::new(answers);
    loop {
        let mut line = String::new();
        match (&mut answers).take(LONGEST).read_line(&mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) if !line.ends_with('\n') => return,
            Ok(_) => {
                line.truncate(line.trim_end().len());
                if tell.send(line).is_err() {
                    return;
                }
            }
        }
    }
}

/// Ends a process with everything it has started.
fn end(child: &Mutex<Child>) {
    let mut child = lock(child);
    // One that has been seen to end has no number any more: it may be somebody else's by now.
    if let Ok(Some(_)) = child.try_wait() {
        return;
    }
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn seconds(duration: Duration) -> String {
    if duration.subsec_millis() == 0 {
        format!("{} s", duration.as_secs())
    } else {
        format!("{:.1} s", duration.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A call with a few variables, as rules make them.
    fn call(code: &str) -> PythonCall {
        let request = serde_json::json!({
            "code": code,
            "vars": {
                "path": {"$": "path", "v": "/in/a b.txt"},
                "created": {"$": "datetime", "v": "2026-01-02T03:04:05.600000", "o": 3600},
                "regex": {"word": "x", "deep": [{"$": "date", "v": "2026-01-02"}, null, 1.5]},
                "odd": {"$": "dict", "v": [["$", "path"], ["v", "none"]]},
                "not-a-name": 1,
                "class": 2,
            },
            "clock": {"now": {"$": "datetime", "v": "2026-03-31T12:00:00.500000"}},
            "cwd": {"$": "path", "v": std::env::temp_dir().to_str().unwrap()},
        });
        PythonCall { request: request.to_string(), timeout: Duration::from_secs(20), path: None }
    }

    fn outcome(python: &Python, code: &str) -> (String, String) {
        let answer = python.call(&call(code)).unwrap();
        (answer.outcome.map_or_else(|error| format!("! {error}"), |value| value.to_string()), answer.printed)
    }

    fn value(python: &Python, code: &str) -> String {
        outcome(python, code).0
    }

    #[test]
    fn variables_arrive_with_their_types_and_results_go_back_with_theirs() {
        let python = Python::default();
        assert_eq!(value(&python, "return path.with_suffix('.pdf').name"), "a b.pdf");
        assert_eq!(value(&python, "return path.parent"), "/in");
        assert_eq!(value(&python, "return (created.year, str(created.tzinfo))"), "(2026, 'UTC+01:00')");
        assert_eq!(value(&python, "return created"), "2026-01-02 03:04:05.600000+01:00");
        assert_eq!(value(&python, "return regex['deep'][0].day, regex['word']"), "(2, 'x')");
        assert_eq!(value(&python, "return odd"), "{'$': 'path', 'v': 'none'}");
        assert_eq!(value(&python, "return now().hour, 'PATH' in env"), "(12, True)");
        assert_eq!(
            value(&python, "return {1: {2}, 'k': [frozenset(), (3,)]}"),
            "{1: {2}, 'k': [frozenset(), (3,)]}"
        );
        assert_eq!(value(&python, "return 2**70"), "1180591620717411303424");
        assert_eq!(value(&python, "return b'x'"), "b'x'");
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_not_text_are_printed_returned_and_raised() {
        let python = Python::default();
        let ask = |code: &str| {
            let call = call(code);
            let mut request: serde_json::Value = serde_json::from_str(&call.request).unwrap();
            request["vars"]["path"] = serde_json::json!({"$": "path", "b": b"/in/a\xff\xf0\x9f\x98\x80"});
            let answer = python.call(&PythonCall { request: request.to_string(), ..call }).unwrap();
            (
                answer.printed,
                answer.outcome.map_or_else(|error| format!("! {error}"), |value| value.to_string()),
            )
        };
        let name = "/in/a\u{fffd}\u{1f600}";
        assert_eq!(ask("print(path)\nreturn {'x': 1}"), (name.to_owned(), "{'x': 1}".to_owned()));
        assert_eq!(ask("return str(path)").1, name);
        assert_eq!(ask("return path").1, name);
        assert_eq!(ask("return {str(path): 2}").1, format!("{{'{name}': 2}}"));
        assert_eq!(
            ask("raise ValueError(str(path))").1,
            format!("! ValueError: {name} (line 1 of the code)")
        );
    }

    #[test]
    fn code_is_dedented_and_its_lines_keep_their_numbers() {
        let python = Python::default();
        assert_eq!(value(&python, "    x = '''a\n    b'''\n    return x"), "a\nb");
        let failing = "x = 1\n\nraise ValueError(f'no {x}')";
        assert_eq!(value(&python, failing), "! ValueError: no 1 (line 3 of the code)");
        let inside = "def f():\n    return {}['k']\nreturn f()";
        assert_eq!(value(&python, inside), "! KeyError: 'k' (line 2 of the code)");
        let syntax = value(&python, "return 1\nif x\n");
        assert!(syntax.starts_with("! SyntaxError") && syntax.ends_with("(line 2 of the code)"), "{syntax}");
        let exit = value(&python, "import sys\nsys.exit(3)");
        assert_eq!(exit, "! the code called exit() (line 2 of the code)");
        assert_eq!(value(&python, "# nothing"), "None");
    }

    #[test]
    fn what_is_printed_is_kept_apart_from_the_answer() {
        let python = Python::default();
        let code = "print('{\"value\": 3}')\nimport os, subprocess, sys\nos.write(1, b'junk\\n')\n\
                    subprocess.run([sys.executable, '-c', 'print(1)'])\nsys.stdout.write('end')\nreturn 5";
        assert_eq!(outcome(&python, code), ("5".to_owned(), "{\"value\": 3}\nend".to_owned()));
        let (_, printed) = outcome(&python, "print('x' * 10**7)\nreturn 1");
        assert_eq!(printed.len(), 64 * 1024);
        let large = value(&python, "return 'x' * 10**7");
        assert_eq!(large, "! the result is larger than 1 MB");
        assert_eq!(value(&python, "import sys\nreturn sys.stdin.read()"), "", "its input is not ours");
    }

    #[test]
    fn one_process_answers_call_after_call_and_keeps_nothing_between_them() {
        let python = Python::default();
        let pid = value(
            &python,
            "import os\nos.chdir('/')\nos.environ['LEFT'] = '1'\nglobals()['left'] = 1\nreturn os.getpid()",
        );
        let code =
            "import os\nreturn os.getpid(), 'LEFT' in os.environ, 'left' in globals(), os.getcwd() == '/'";
        assert_eq!(value(&python, code), format!("({pid}, False, False, False)"));
    }

    #[test]
    fn code_that_takes_too_long_is_ended_with_all_it_started() {
        let python = Python::default();
        let marker = tempfile::NamedTempFile::new().unwrap();
        let code = format!(
            "import subprocess, time\nsubprocess.Popen(['sh', '-c', 'sleep 3; echo late > {}'])\ntime.sleep(60)",
            marker.path().display()
        );
        let begun = Instant::now();
        let hanging = PythonCall { timeout: Duration::from_millis(1500), ..call(&code) };
        let error = python.call(&hanging).unwrap_err();
        assert_eq!(error.to_string(), "the code took longer than 1.5 s and was ended");
        assert!(begun.elapsed() < Duration::from_secs(20));
        assert_eq!(value(&python, "return 1"), "1", "and another one takes its place");
        std::thread::sleep(Duration::from_secs(3));
        assert_eq!(std::fs::read(marker.path()).unwrap(), b"", "what it had started is gone too");
    }

    #[test]
    fn a_process_that_ends_fails_its_call_and_no_other() {
        let python = Python::default();
        let error = python.call(&call("import os\nos._exit(3)")).unwrap_err();
        assert_eq!(error.to_string(), "Python ended in the middle of the code");
        assert_eq!(value(&python, "return 1"), "1");
        // One that went away while it was kept is replaced without a word.
        let process = lock(&python.idle).pop().unwrap();
        end(&process.child);
        lock(&python.idle).push(process);
        assert_eq!(value(&python, "return 2"), "2");
    }

    #[test]
    fn nothing_is_left_when_nobody_is_there_to_ask() {
        let python = Python::default();
        let pid: u32 = value(&python, "import os\nreturn os.getpid()").parse().unwrap();
        drop(python);
        let gone = || !std::path::Path::new(&format!("/proc/{pid}")).exists();
        for _ in 0..100 {
            if gone() || !cfg!(target_os = "linux") {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the process is still there");
    }

    #[test]
    fn the_named_interpreter_is_the_only_one_tried() {
        assert_eq!(candidates(Some("/opt/python".into())), [vec![OsString::from("/opt/python")]]);
        assert!(candidates(None).iter().any(|words| words[0] == "python3"));
        assert!(candidates(Some("".into())).len() > 1);
        assert!(Process::try_start(&["/nonexistent/python".into()]).is_none());
        assert!(Process::try_start(&["true".into()]).is_none(), "a program that is no Python");
    }
}
