//! `{path}`: a path with the attributes Python's `pathlib` gives it, as far as they need no disk.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Tuple, from_args};
use minijinja::{Error, ErrorKind, State, Value};
use usher_event::sentence;

use super::asked::{Seen, look};
use super::refused;
use crate::location::Patterns;
use crate::name;

/// A path as templates see it.
#[derive(Debug)]
pub struct PathValue(pub PathBuf);

impl PathValue {
    fn value(path: impl Into<PathBuf>) -> Value {
        Value::from_object(Self(path.into()))
    }

    fn attribute(&self, key: &str) -> Option<Value> {
        let path = self.0.as_path();
        let (stem, suffix) = name::split(path);
        Some(match key {
            "name" => text(path.file_name().unwrap_or_default()),
            "stem" => text(stem),
            "suffix" => Value::from(dotted(suffix)),
            "suffixes" => suffixes(path),
            "parent" => Self::value(path.parent().unwrap_or(path)),
            "parents" => path.ancestors().skip(1).map(Self::value).collect(),
            "parts" => {
                let parts: Vec<Value> = path.components().map(|part| text(part.as_os_str())).collect();
                Value::from(Tuple::from(parts))
            }
            "drive" => path.components().find_map(prefix).unwrap_or_else(|| Value::from("")),
            "root" => Value::from(if path.has_root() { std::path::MAIN_SEPARATOR_STR } else { "" }),
            "anchor" => Value::from(anchor(path)),
            _ => return None,
        })
    }
}

/// The first path among these values, or in one of them, that is not text. It cannot be filled in as it is.
pub(crate) fn inexact(values: &BTreeMap<String, Value>) -> Option<PathBuf> {
    let own = |value: &Value| {
        let path = &value.downcast_object_ref::<PathValue>()?.0;
        path.to_str().is_none().then(|| path.clone())
    };
    let within = |value: &Value| value.try_iter().ok()?.find_map(|key| own(&value.get_item(&key).ok()?));
    values.values().find_map(|value| own(value).or_else(|| within(value)))
}

impl Object for PathValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.attribute(key.as_str()?)
    }

    fn call_method(
        self: &Arc<Self>,
        _state: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        let path = self.0.as_path();
        match method {
            "with_suffix" => {
                let (suffix,): (&str,) = from_args(args)?;
                let stem = name::split(path).0.to_string_lossy().into_owned();
                Ok(Self::value(path.with_file_name(stem + suffix)))
            }
            "with_name" => {
                let (name,): (&str,) = from_args(args)?;
                Ok(Self::value(path.with_file_name(name)))
            }
            "with_stem" => {
                let (stem,): (&str,) = from_args(args)?;
                let suffix = dotted(name::split(path).1);
                Ok(Self::value(path.with_file_name(stem.to_owned() + &suffix)))
            }
            "joinpath" => {
                Ok(Self::value(args.iter().fold(path.to_path_buf(), |path, arg| path.join(arg.to_string()))))
            }
            "relative_to" => {
                let (base,): (Value,) = from_args(args)?;
                path.strip_prefix(base.to_string()).map(Self::value).map_err(|_| {
                    refused(sentence!(
                        "template-path-not-in",
                        "{path} does not lie in {folder}",
                        path = path,
                        folder = base.to_string(),
                    ))
                })
            }
            "as_posix" => {
                Ok(Value::from(path.to_string_lossy().replace('\\', if cfg!(windows) { "/" } else { "\\" })))
            }
            "match" => {
                let (pattern,): (&str,) = from_args(args)?;
                Ok(Value::from(matches(path, pattern)))
            }
            "is_relative_to" => {
                let (base,): (Value,) = from_args(args)?;
                Ok(Value::from(path.starts_with(base.to_string())))
            }
            // A path here is absolute, and no link: those are not looked at.
            "absolute" | "expanduser" => Ok(Self::value(path)),
            "as_uri" => Ok(Value::from(uri(path))),
            "exists" => Ok(Value::from(look(path) != Seen::Nothing)),
            "is_dir" => Ok(Value::from(matches!(look(path), Seen::Dir(_)))),
            "is_file" => Ok(Value::from(matches!(look(path), Seen::File(_)))),
            "stat" | "lstat" => stat(path),
            "is_absolute" => Ok(Value::from(path.is_absolute())),
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_os_str().is_empty() {
            // A location that is a file: the path relative to itself, as `pathlib` writes it.
            true => f.write_str("."),
            false => f.write_str(&self.0.to_string_lossy()),
        }
    }
}

/// Whether the last parts of a path fit those of a pattern, each for itself.
fn matches(path: &Path, pattern: &str) -> bool {
    let pattern = Path::new(pattern);
    let (wanted, parts) = (pattern.components().count(), path.components().count());
    if wanted == 0 || wanted > parts || (pattern.has_root() && wanted != parts) {
        return false;
    }
    let fits = |(part, wanted): (Component<'_>, Component<'_>)| match wanted {
        Component::Normal(name) => {
            let name = name.to_string_lossy();
            matches!(part, Component::Normal(part) if Patterns::new([&*name].into_iter(), false).match_any(part))
        }
        other => part == other,
    };
    path.components().rev().zip(pattern.components().rev()).all(fits)
}

fn uri(path: &Path) -> String {
    let kept = |byte: &u8| byte.is_ascii_alphanumeric() || b"/_.-~".contains(byte);
    let mut uri = String::from("file://");
    for byte in path.as_os_str().as_encoded_bytes() {
        if kept(byte) { uri.push(char::from(*byte)) } else { uri.push_str(&format!("%{byte:02X}")) }
    }
    uri
}

fn stat(path: &Path) -> Result<Value, Error> {
    let (Seen::File(stat) | Seen::Dir(stat)) = look(path) else {
        return Err(refused(sentence!("template-path-not-there", "{path} is not there", path = path)));
    };
    Ok(Value::from_pairs([
        ("st_size", Value::from(stat.size)),
        ("st_mtime", Value::from(stat.modified.as_nanosecond() as f64 / 1e9)),
    ]))
}

fn text(part: &std::ffi::OsStr) -> Value {
    Value::from(part.to_string_lossy())
}

fn dotted(suffix: &std::ffi::OsStr) -> String {
    match suffix.is_empty() {
        true => String::new(),
        false => format!(".{}", suffix.to_string_lossy()),
    }
}

fn suffixes(path: &Path) -> Value {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if name.ends_with('.') {
        return Value::from(Vec::<Value>::new());
    }
    name.trim_start_matches('.').split('.').skip(1).map(|suffix| Value::from(format!(".{suffix}"))).collect()
}

fn prefix(part: Component<'_>) -> Option<Value> {
    match part {
        Component::Prefix(prefix) => Some(text(prefix.as_os_str())),
        _ => None,
    }
}

fn anchor(path: &Path) -> String {
    path.components()
        .take_while(|part| matches!(part, Component::Prefix(_) | Component::RootDir))
        .map(|part| part.as_os_str().to_string_lossy())
        .collect()
}
