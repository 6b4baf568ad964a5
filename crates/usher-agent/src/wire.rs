//! JSON-RPC 2.0, one object a line: what goes over the socket in both directions, as text.
//!
//! Nothing here reads or writes; both ends and the tests use the same functions. Batches are not supported: one line
//! is one call. Notices are JSON-RPC notifications of the method `notice`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use usher_event::Sentence;

use crate::api::{Notice, Refusal, Request};

/// The longest line that is accepted from a client, in bytes.
pub(crate) const LONGEST_LINE: usize = 1 << 20;

/// JSON-RPC's numbers for what can be wrong with a call.
const PARSE_ERROR: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;
const METHOD_NOT_FOUND: i64 = -32601;
const INVALID_PARAMS: i64 = -32602;
/// Ours: the call was fine and the answer is no. The [`Refusal`] is the error's `data`.
const REFUSED: i64 = -32000;

/// What a client sent.
#[derive(Debug, PartialEq)]
pub(crate) struct Call {
    /// What the answer has to carry; absent where none is wanted.
    pub(crate) id: Option<Value>,
    /// What is asked.
    pub(crate) request: Request,
}

/// What an owner sent.
#[derive(Debug, PartialEq)]
pub(crate) enum Incoming {
    /// The answer to the call of this id.
    Answer(Value, Result<Value, Refusal>),
    /// Something to know.
    Notice(Box<Notice>),
}

/// Reads a call.
///
/// # Errors
/// The line to answer with.
pub(crate) fn parse_call(line: &[u8]) -> Result<Call, String> {
    let value: Value = serde_json::from_slice(line)
        .map_err(|error| protocol_error(&Value::Null, PARSE_ERROR, format!("this is not JSON: {error}")))?;
    let Value::Object(mut call) = value else {
        let message = if value.is_array() { "batches are not supported" } else { "a call is a JSON object" };
        return Err(protocol_error(&Value::Null, INVALID_REQUEST, message));
    };
    let id = call.remove("id");
    if !matches!(id, None | Some(Value::Null | Value::Number(_) | Value::String(_))) {
        return Err(protocol_error(&Value::Null, INVALID_REQUEST, "`id` is a number or a text"));
    }
    let answer_to = id.clone().unwrap_or(Value::Null);
    if call.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return Err(protocol_error(&answer_to, INVALID_REQUEST, "`jsonrpc` has to be \"2.0\""));
    }
    let Some(method) = call.get("method").and_then(Value::as_str) else {
        return Err(protocol_error(&answer_to, INVALID_REQUEST, "`method` has to be a text"));
    };
    if !Request::METHODS.contains(&method) {
        return Err(protocol_error(&answer_to, METHOD_NOT_FOUND, format!("there is no method `{method}`")));
    }
    let method = method.to_owned();
    let request = request(&method, call.remove("params")).map_err(|error| {
        protocol_error(&answer_to, INVALID_PARAMS, format!("wrong parameters for `{method}`: {error}"))
    })?;
    Ok(Call { id, request })
}

/// Methods without parameters take none, `null` and `{}`; the others read absent ones as `{}`.
fn request(method: &str, params: Option<Value>) -> Result<Request, serde_json::Error> {
    let params = params.filter(|params| !params.is_null() && *params != json!({}) && *params != json!([]));
    if let Some(params) = params {
        return Request::deserialize(json!({ "method": method, "params": params }));
    }
    Request::deserialize(json!({ "method": method }))
        .or_else(|_| Request::deserialize(json!({ "method": method, "params": Map::new() })))
}

/// The line of a call.
pub(crate) fn call(id: u64, request: &Request) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    struct Line<'a> {
        jsonrpc: &'static str,
        id: u64,
        #[serde(flatten)]
        request: &'a Request,
    }
    serde_json::to_string(&Line { jsonrpc: "2.0", id, request }).map(ended)
}

/// The line of an answer.
pub(crate) fn answer(id: &Value, result: &Result<Value, Refusal>) -> String {
    match result {
        Ok(value) => ended(json!({ "jsonrpc": "2.0", "id": id, "result": value }).to_string()),
        Err(refusal) => error_line(id, REFUSED, refusal),
    }
}

/// The line of a notice.
pub(crate) fn notice(notice: &Notice) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    struct Line<'a> {
        jsonrpc: &'static str,
        method: &'static str,
        params: &'a Notice,
    }
    serde_json::to_string(&Line { jsonrpc: "2.0", method: "notice", params: notice }).map(ended)
}

/// The answer to a line that is longer than [`LONGEST_LINE`].
pub(crate) fn too_long() -> String {
    protocol_error(&Value::Null, INVALID_REQUEST, format!("a line has at most {LONGEST_LINE} bytes"))
}

fn protocol_error(id: &Value, code: i64, message: impl Into<String>) -> String {
    error_line(id, code, &Refusal::new("bad_params", Sentence::foreign(message)))
}

fn error_line(id: &Value, code: i64, refusal: &Refusal) -> String {
    let error = json!({ "code": code, "message": refusal.message.text(), "data": refusal });
    ended(json!({ "jsonrpc": "2.0", "id": id, "error": error }).to_string())
}

fn ended(mut line: String) -> String {
    line.push('\n');
    line
}

/// Reads what an owner sent; `None` for what a newer owner may say and we do not know.
pub(crate) fn parse_incoming(line: &str) -> Option<Incoming> {
    #[derive(Deserialize)]
    struct Line {
        id: Option<Value>,
        params: Option<Value>,
        result: Option<Value>,
        error: Option<ErrorObject>,
    }
    #[derive(Deserialize)]
    struct ErrorObject {
        message: String,
        data: Option<Refusal>,
    }
    let line: Line = serde_json::from_str(line).ok()?;
    let Some(id) = line.id else {
        // An error without an id answers a line that could not be read as a call.
        return match (line.params, line.error) {
            (Some(params), _) => {
                Notice::deserialize(params).ok().map(|notice| Incoming::Notice(Box::new(notice)))
            }
            (None, Some(error)) => Some(Incoming::Answer(Value::Null, Err(error.into_refusal()))),
            (None, None) => None,
        };
    };
    impl ErrorObject {
        fn into_refusal(self) -> Refusal {
            self.data.unwrap_or_else(|| Refusal::new("failed", Sentence::foreign(self.message)))
        }
    }
    let result = match line.error {
        Some(error) => Err(error.into_refusal()),
        None => Ok(line.result.unwrap_or(Value::Null)),
    };
    Some(Incoming::Answer(id, result))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{LogQuery, PauseFor, SettingsPatch};

    fn code_and_id(line: &str) -> (i64, Value) {
        let line: Value = serde_json::from_str(line).unwrap();
        (line["error"]["code"].as_i64().unwrap(), line["id"].clone())
    }

    #[test]
    fn calls_are_read_with_and_without_parameters() {
        for (text, request) in [
            (r#"{"jsonrpc":"2.0","id":1,"method":"status"}"#, Request::Status),
            (r#"{"jsonrpc":"2.0","id":1,"method":"status","params":{}}"#, Request::Status),
            (r#"{"jsonrpc":"2.0","id":1,"method":"status","params":null}"#, Request::Status),
            (r#"{"jsonrpc":"2.0","id":1,"method":"log"}"#, Request::Log(LogQuery::default())),
            (
                r#"{"jsonrpc":"2.0","id":1,"method":"set_settings"}"#,
                Request::SetSettings(SettingsPatch::default()),
            ),
            (
                r#"{"jsonrpc":"2.0","id":1,"method":"pause","params":{"for":"tomorrow"}}"#,
                Request::Pause(PauseFor::Tomorrow),
            ),
        ] {
            assert_eq!(parse_call(text.as_bytes()), Ok(Call { id: Some(json!(1)), request }), "{text}");
        }
    }

    #[test]
    fn a_call_without_an_id_wants_no_answer() {
        let call = parse_call(br#"{"jsonrpc":"2.0","method":"quit"}"#).unwrap();
        assert_eq!(call, Call { id: None, request: Request::Quit });
    }

    #[test]
    fn what_is_wrong_with_a_call_gets_the_number_json_rpc_has_for_it() {
        for (text, code, id) in [
            ("{", -32700, Value::Null),
            ("[]", -32600, Value::Null),
            ("3", -32600, Value::Null),
            (r#"{"jsonrpc":"2.0","id":{},"method":"status"}"#, -32600, Value::Null),
            (r#"{"id":"a","method":"status"}"#, -32600, json!("a")),
            (r#"{"jsonrpc":"2.0","id":"a"}"#, -32600, json!("a")),
            (r#"{"jsonrpc":"2.0","id":7,"method":"destroy"}"#, -32601, json!(7)),
            (r#"{"jsonrpc":"2.0","id":7,"method":"why"}"#, -32602, json!(7)),
            (r#"{"jsonrpc":"2.0","id":7,"method":"why","params":{"path":3}}"#, -32602, json!(7)),
        ] {
            assert_eq!(code_and_id(&parse_call(text.as_bytes()).unwrap_err()), (code, id), "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_an_error_and_not_a_crash() {
        let line = "[".repeat(100_000);
        assert_eq!(code_and_id(&parse_call(line.as_bytes()).unwrap_err()).0, -32700);
    }

    #[test]
    fn a_refusal_survives_the_wire() {
        let refusal = Refusal::new("refused", usher_event::Sentence::foreign("no"))
            .hint(usher_event::Sentence::foreign("ask again"));
        let line = answer(&json!(4), &Err(refusal.clone()));
        assert_eq!(parse_incoming(&line), Some(Incoming::Answer(json!(4), Err(refusal))));
        let line = answer(&json!(5), &Ok(Value::Null));
        assert_eq!(parse_incoming(&line), Some(Incoming::Answer(json!(5), Ok(Value::Null))));
    }

    #[test]
    fn a_notice_survives_the_wire_and_an_unknown_one_is_passed_over() {
        let line = notice(&Notice::Gone).unwrap();
        assert_eq!(parse_incoming(&line), Some(Incoming::Notice(Box::new(Notice::Gone))));
        assert_eq!(parse_incoming(r#"{"jsonrpc":"2.0","method":"notice","params":{"type":"news"}}"#), None);
    }

    #[test]
    fn every_request_is_among_the_methods() {
        for method in Request::METHODS {
            let error = Request::deserialize(json!({ "method": method, "params": 3.5 }))
                .map_or_else(|e| e.to_string(), |_| String::new());
            assert!(!error.contains("unknown variant"), "{method}: {error}");
        }
        let error = Request::deserialize(json!({ "method": "no such method" })).unwrap_err().to_string();
        assert_eq!(error.matches('`').count() / 2 - 1, Request::METHODS.len(), "{error}");
    }
}
