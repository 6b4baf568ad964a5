//! A panel for the tests: the host's side of StatusNotifierItem, and the reader's side of its menus.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use zbus::blocking::{Connection, Proxy, connection};
use zbus::interface;
use zbus::message::Header;
use zbus::zvariant::{OwnedValue, Structure, Value};

use crate::session::{Session, eventually};

/// A panel on a session's bus.
pub(crate) struct Panel {
    bus: Connection,
    items: Arc<Mutex<Vec<(String, String)>>>,
}

struct Watcher {
    items: Arc<Mutex<Vec<(String, String)>>>,
}

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: &str, #[zbus(header)] header: Header<'_>) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        // An item names its service, or only the path below the connection that calls.
        let item = match service.strip_prefix('/') {
            Some(_) => (sender, service.to_owned()),
            None => (service.to_owned(), "/StatusNotifierItem".to_owned()),
        };
        self.items.lock().expect("items").push(item);
    }

    fn register_status_notifier_host(&self, _service: &str) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.items.lock().expect("items").iter().map(|(service, path)| format!("{service}{path}")).collect()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

/// A line of a menu as a panel sees it.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) id: i32,
    pub(crate) label: String,
    pub(crate) enabled: bool,
    pub(crate) checked: bool,
    pub(crate) lines: Vec<Line>,
}

impl Panel {
    /// Starts a panel on the session's bus.
    pub(crate) fn start(session: &Session) -> Self {
        let items = Arc::default();
        let watcher = Watcher { items: Arc::clone(&items) };
        let address = session.bus.as_deref().expect("a session with a bus");
        let bus = connection::Builder::address(address)
            .and_then(|bus| bus.serve_at("/StatusNotifierWatcher", watcher))
            .and_then(|bus| bus.name("org.kde.StatusNotifierWatcher"))
            .and_then(connection::Builder::build)
            .expect("a panel on the bus");
        Self { bus, items }
    }

    /// Waits for Usher's item.
    pub(crate) fn item(&self) -> Item<'_> {
        eventually("the tray item is registered", || !self.items.lock().expect("items").is_empty());
        let (service, path) = self.items.lock().expect("items")[0].clone();
        Item { bus: &self.bus, service, path }
    }
}

/// Usher's item in the panel.
pub(crate) struct Item<'a> {
    bus: &'a Connection,
    service: String,
    path: String,
}

impl Item<'_> {
    fn proxy(&self) -> Proxy<'_> {
        Proxy::new(self.bus, self.service.as_str(), self.path.as_str(), "org.kde.StatusNotifierItem")
            .expect("a proxy")
    }

    fn menu(&self) -> Proxy<'_> {
        let path: zbus::zvariant::OwnedObjectPath = self.proxy().get_property("Menu").expect("a menu");
        Proxy::new(self.bus, self.service.clone(), path, "com.canonical.dbusmenu").expect("a proxy")
    }

    /// The icon's pixels: width, height, and ARGB in network order.
    pub(crate) fn pixels(&self) -> (i32, i32, Vec<u8>) {
        let pictures: Vec<(i32, i32, Vec<u8>)> = self.proxy().get_property("IconPixmap").expect("a picture");
        pictures.into_iter().next().expect("one picture")
    }

    /// The title and the text of the tooltip.
    pub(crate) fn tooltip(&self) -> String {
        type Tip = (String, Vec<(i32, i32, Vec<u8>)>, String, String);
        let tip: Tip = self.proxy().get_property("ToolTip").expect("a tooltip");
        format!("{}\n{}", tip.2, tip.3)
    }

    /// A left click.
    pub(crate) fn click(&self) {
        self.proxy().call_method("Activate", &(0_i32, 0_i32)).expect("the item takes a click");
    }

    /// The whole menu.
    pub(crate) fn lines(&self) -> Vec<Line> {
        let answer =
            self.menu().call_method("GetLayout", &(0_i32, -1_i32, Vec::<String>::new())).expect("a layout");
        type Layout = (u32, (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>));
        let (_, (_, _, children)): Layout = answer.body().deserialize().expect("a layout");
        children.iter().map(|child| line(child)).collect()
    }

    /// The line whose label contains this text, wherever it is.
    pub(crate) fn line(&self, label: &str) -> Option<Line> {
        fn find(lines: &[Line], label: &str) -> Option<Line> {
            lines.iter().find_map(|line| {
                let here = line.label.contains(label).then(|| line.clone());
                here.or_else(|| find(&line.lines, label))
            })
        }
        find(&self.lines(), label)
    }

    /// Chooses the line whose label contains this text, once it is there.
    pub(crate) fn choose(&self, label: &str) {
        let mut found = None;
        eventually(&format!("the menu has a line {label:?}"), || {
            found = self.line(label).filter(|line| line.enabled);
            found.is_some()
        });
        let id = found.map_or(0, |line| line.id);
        self.menu()
            .call_method("Event", &(id, "clicked", Value::from(0_i32), 0_u32))
            .expect("the menu takes a click");
    }
}

/// Reads a line from the wire: its number, its properties, and the lines below it.
fn line(value: &Value<'_>) -> Line {
    let fields: &Structure<'_> = value.downcast_ref().expect("a structure");
    let fields = fields.fields();
    let properties: HashMap<String, Value<'_>> =
        fields[1].try_clone().expect("a value").try_into().expect("properties");
    let text = |name: &str| {
        properties.get(name).and_then(|value| value.downcast_ref::<&str>().ok().map(str::to_owned))
    };
    let children: Vec<Value<'_>> = fields[2].try_clone().expect("a value").try_into().expect("children");
    Line {
        id: fields[0].downcast_ref().expect("a number"),
        label: text("label").unwrap_or_default(),
        enabled: properties
            .get("enabled")
            .and_then(|value| value.downcast_ref::<bool>().ok())
            .unwrap_or(true),
        checked: properties.get("toggle-state").and_then(|value| value.downcast_ref::<i32>().ok()) == Some(1),
        lines: children
            .iter()
            .map(|child| match child {
                Value::Value(inner) => line(inner),
                other => line(other),
            })
            .collect(),
    }
}
