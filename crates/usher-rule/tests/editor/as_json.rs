//! Rule files in the form that schemas are about. The tests beside organize look at theirs in this way, too.

use serde_json::Value;
use usher_rule::document::{Node, ScalarKind, Value as Tree};

/// A rule file as an editor sees it.
pub(crate) fn as_json(node: &Node) -> Value {
    match &node.value {
        Tree::List(items) => items.iter().map(as_json).collect(),
        Tree::Map(pairs) => {
            let pairs = pairs.iter().map(|pair| (pair.key.text().unwrap().to_owned(), as_json(&pair.value)));
            Value::Object(pairs.collect())
        }
        Tree::Scalar(scalar) => match scalar.kind {
            ScalarKind::Null => Value::Null,
            ScalarKind::Bool(flag) => flag.into(),
            ScalarKind::Int(whole) => whole.into(),
            // JSON has no number without end; the largest it has is a number, too.
            ScalarKind::Float(float) if !float.is_finite() => f64::MAX.into(),
            ScalarKind::Float(float) => float.into(),
            ScalarKind::Text => (*scalar.text).into(),
        },
    }
}
