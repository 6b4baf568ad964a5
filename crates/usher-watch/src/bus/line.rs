//! A held connection: who owns which name on it, and questions to the owners.

use std::cell::RefCell;
use std::collections::HashMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use usher_event::{Sentence, sentence};
use zbus::message::Type as Kind;
use zbus::zvariant::{DynamicType, OwnedObjectPath, OwnedValue, Type, Value};
use zbus::{Connection, Message};

use super::Listener;

const BUS: &str = "org.freedesktop.DBus";
const BUS_PATH: &str = "/org/freedesktop/DBus";

/// Why a state could not be looked at, as a sentence for the user.
#[derive(Debug)]
pub(crate) struct Trouble(pub(crate) Sentence);

/// A connection, and the daemons on it.
pub(crate) struct Line {
    connection: Connection,
    /// The unique names behind the well-known ones. Signals are heard and questions asked by these alone: so nobody
    /// else can speak for a daemon, and asking never starts one.
    owners: RefCell<HashMap<&'static str, String>>,
}

impl Line {
    pub(super) fn new(connection: Connection) -> Self {
        Self { connection, owners: RefCell::default() }
    }

    /// Asks the bus for what a listener hears, and who its daemons are.
    pub(super) async fn open<L: Listener>(&self) -> zbus::Result<()> {
        for daemon in L::DAEMONS {
            let rule = format!(
                "type='signal',sender='{BUS}',path='{BUS_PATH}',interface='{BUS}',member='NameOwnerChanged',arg0='{daemon}'"
            );
            self.ask_bus("AddMatch", &rule.as_str()).await?;
        }
        for rule in L::SIGNALS {
            self.ask_bus("AddMatch", rule).await?;
        }
        for daemon in L::STARTS {
            // That it cannot be started is found out when nobody owns the name.
            if let Err(error) = self.ask_bus("StartServiceByName", &(daemon, 0_u32)).await {
                tracing::debug!(daemon, %error, "the bus does not start it");
            }
        }
        for daemon in L::DAEMONS {
            match self.ask_bus("GetNameOwner", daemon).await {
                Ok(answer) => self.owned(daemon, answer.body().deserialize()?),
                Err(zbus::Error::MethodError(..)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn ask_bus<B: Serialize + DynamicType>(&self, method: &str, body: &B) -> zbus::Result<Message> {
        self.connection.call_method(Some(BUS), BUS_PATH, Some(BUS), method, body).await
    }

    /// Takes a message in. Says whether to look.
    pub(super) fn hear<L: Listener>(&self, message: &Message, listener: &L) -> bool {
        let header = message.header();
        let (Kind::Signal, Some(sender)) = (message.message_type(), header.sender()) else { return false };
        if sender.as_str() == BUS {
            return header.member().is_some_and(|member| member.as_str() == "NameOwnerChanged")
                && self.changed_hands::<L>(message);
        }
        let daemon =
            self.owners.borrow().iter().find(|(_, owner)| *owner == sender.as_str()).map(|(name, _)| *name);
        daemon.is_some_and(|daemon| listener.heard(daemon, message))
    }

    fn changed_hands<L: Listener>(&self, message: &Message) -> bool {
        let body = message.body();
        let Ok((name, _, owner)) = body.deserialize::<(&str, &str, &str)>() else { return false };
        let Some(daemon) = L::DAEMONS.iter().find(|daemon| **daemon == name) else { return false };
        self.owned(daemon, owner);
        true
    }

    fn owned(&self, daemon: &'static str, owner: &str) {
        if owner.is_empty() {
            self.owners.borrow_mut().remove(daemon);
        } else {
            self.owners.borrow_mut().insert(daemon, owner.to_owned());
        }
    }

    /// Whether a daemon is there.
    pub(crate) fn has(&self, daemon: &str) -> bool {
        self.owners.borrow().contains_key(daemon)
    }

    /// Who the daemon is now: another one after it was started anew.
    pub(crate) fn owner(&self, daemon: &str) -> Option<String> {
        self.owners.borrow().get(daemon).cloned()
    }

    /// Calls a method of a daemon.
    pub(crate) async fn call<B, R>(
        &self,
        daemon: &str,
        path: &str,
        interface: &str,
        method: &str,
        body: &B,
    ) -> Result<R, Trouble>
    where
        B: Serialize + DynamicType,
        R: DeserializeOwned + Type,
    {
        let owner = self.owner(daemon).ok_or_else(|| {
            Trouble(sentence!("watch-daemon-missing", "{daemon} is not running", daemon = daemon))
        })?;
        let answer =
            self.connection.call_method(Some(owner.as_str()), path, Some(interface), method, body).await;
        let answer = answer.map_err(|error| {
            Trouble(sentence!(
                "watch-daemon-silent",
                "{daemon} did not answer ({why})",
                daemon = daemon,
                why = error.to_string()
            ))
        })?;
        answer.body().deserialize().map_err(|error| odd(daemon, method, Sentence::foreign(error.to_string())))
    }

    /// All properties of one interface of an object.
    pub(crate) async fn properties(
        &self,
        daemon: &'static str,
        path: &str,
        interface: &'static str,
    ) -> Result<Properties, Trouble> {
        let values = self.call(daemon, path, "org.freedesktop.DBus.Properties", "GetAll", &interface).await?;
        Ok(Properties { daemon, values })
    }
}

/// What an object says of itself. Whatever has another type than the documented one counts as not being there.
pub(crate) struct Properties {
    daemon: &'static str,
    values: HashMap<String, OwnedValue>,
}

impl Properties {
    /// A property, if it is there.
    pub(crate) fn get<'v, T: TryFrom<&'v Value<'v>>>(&'v self, name: &str) -> Option<T> {
        self.values.get(name).and_then(|value| T::try_from(value).ok())
    }

    /// A property that nothing can be said without.
    pub(crate) fn need<'v, T: TryFrom<&'v Value<'v>>>(&'v self, name: &str) -> Result<T, Trouble> {
        self.get(name).ok_or_else(|| {
            let why = sentence!("watch-property-missing", "it is missing or of another type");
            odd(self.daemon, name, why)
        })
    }

    /// A list of objects; none where there is no such property.
    pub(crate) fn objects(&self, name: &str) -> Vec<OwnedObjectPath> {
        let value = self.values.get(name).and_then(|value| value.try_clone().ok());
        value.and_then(|value| value.try_into().ok()).unwrap_or_default()
    }

    /// A run of bytes; none where there is no such property.
    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        let value = self.values.get(name).and_then(|value| value.try_clone().ok());
        value.and_then(|value| value.try_into().ok()).unwrap_or_default()
    }
}

fn odd(daemon: &str, what: &str, why: Sentence) -> Trouble {
    Trouble(sentence!(
        "watch-daemon-odd",
        "{daemon} answers in a way Usher does not understand: {what}: {why}",
        daemon = daemon,
        what = what,
        why = why
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn properties(values: Vec<(&str, Value<'_>)>) -> Properties {
        let values = values
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.try_into_owned().unwrap()))
            .collect();
        Properties { daemon: "org.example.Daemon", values }
    }

    #[test]
    fn another_type_is_as_good_as_none() {
        let properties = properties(vec![
            ("Flag", Value::from(true)),
            ("Text", Value::from("flag")),
            ("Bytes", Value::from(vec![b'a', 0xff])),
        ]);
        assert_eq!(properties.get::<bool>("Flag"), Some(true));
        assert_eq!(properties.get::<bool>("Text"), None);
        assert_eq!(properties.get::<f64>("Flag"), None);
        assert_eq!(properties.get::<&str>("Text"), Some("flag"));
        assert_eq!(properties.bytes("Bytes"), [b'a', 0xff]);
        assert_eq!(properties.bytes("Text"), []);
        assert!(properties.objects("Bytes").is_empty());
        assert!(properties.objects("Nothing").is_empty());
        assert_eq!(
            properties.need::<u32>("Text").unwrap_err().0,
            "org.example.Daemon answers in a way Usher does not understand: Text: it is missing or of another type"
        );
    }
}
