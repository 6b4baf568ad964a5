//! The tray icon: takes over what [`menu`] and [`facts`] come to, and only where it differs from what is shown.

pub(crate) mod facts;
mod icon;
pub(crate) mod menu;
#[cfg(target_os = "linux")]
pub(crate) mod panel;

use std::sync::mpsc::channel;

use tauri::menu::{CheckMenuItem, IsMenuItem, Menu, MenuItem, PredefinedMenuItem, Submenu};
use tauri::tray::{TrayIcon, TrayIconBuilder};
use tauri::{AppHandle, Wry};

use usher_agent::words::Words;

use facts::{Face, Facts};
use menu::Item;

/// The item's id, on the session bus too.
const ID: &str = "usher";

/// The icon, and what it shows now.
pub(crate) struct Tray {
    app: AppHandle,
    icon: Option<TrayIcon>,
    shown: Option<View>,
}

/// Everything that can be seen of the tray.
#[derive(Debug, Clone, PartialEq, Eq)]
struct View {
    face: Face,
    tooltip: String,
    items: Vec<Item>,
}

impl Tray {
    /// A tray that shows nothing yet.
    pub(crate) fn new(app: AppHandle) -> Self {
        Self { app, icon: None, shown: None }
    }

    /// Whether the icon is in a panel.
    pub(crate) fn is_there(&self) -> bool {
        self.icon.is_some()
    }

    /// Shows what is true now. Fails where there is no panel to show it in; calling again tries again.
    pub(crate) fn show(&mut self, facts: &Facts, words: &Words) -> tauri::Result<()> {
        let view =
            View { face: facts.face(), tooltip: facts.tooltip(words), items: menu::items(facts, words) };
        if self.shown.as_ref() == Some(&view) {
            return Ok(());
        }
        let (app, icon, old) = (self.app.clone(), self.icon.clone(), self.shown.take());
        let (answer, answered) = channel();
        let next = view.clone();
        // Toolkits want their menus made on the main thread; one visit there is enough for all of it.
        self.app.run_on_main_thread(move || {
            let _ = answer.send(match icon {
                Some(icon) => change(&app, &icon, old.as_ref(), &next).map(|()| icon),
                None => build(&app, &next),
            });
        })?;
        self.icon = Some(answered.recv().map_err(|_| tauri::Error::FailedToReceiveMessage)??);
        self.shown = Some(view);
        Ok(())
    }
}

fn build(app: &AppHandle, view: &View) -> tauri::Result<TrayIcon> {
    TrayIconBuilder::with_id(ID)
        .title("Usher")
        .tooltip(&view.tooltip)
        .icon(icon::picture(view.face))
        .icon_as_template(cfg!(target_os = "macos"))
        .menu(&menu_of(app, &view.items)?)
        .show_menu_on_left_click(false)
        .build(app)
}

fn change(app: &AppHandle, icon: &TrayIcon, old: Option<&View>, view: &View) -> tauri::Result<()> {
    if old.is_none_or(|old| old.face != view.face) {
        icon.set_icon_with_as_template(Some(icon::picture(view.face)), cfg!(target_os = "macos"))?;
    }
    if old.is_none_or(|old| old.tooltip != view.tooltip) {
        icon.set_tooltip(Some(&view.tooltip))?;
    }
    if old.is_none_or(|old| old.items != view.items) {
        icon.set_menu(Some(menu_of(app, &view.items)?))?;
    }
    Ok(())
}

fn menu_of(app: &AppHandle, items: &[Item]) -> tauri::Result<Menu<Wry>> {
    let made = made(app, items)?;
    Menu::with_items(app, &references(&made))
}

fn made(app: &AppHandle, items: &[Item]) -> tauri::Result<Vec<Box<dyn IsMenuItem<Wry>>>> {
    items.iter().map(|item| one(app, item)).collect()
}

fn one(app: &AppHandle, item: &Item) -> tauri::Result<Box<dyn IsMenuItem<Wry>>> {
    Ok(match item {
        Item::Entry(action, text) => {
            Box::new(MenuItem::with_id(app, action.id(), plain(text), true, None::<&str>)?)
        }
        Item::Check(action, text, checked) => {
            Box::new(CheckMenuItem::with_id(app, action.id(), plain(text), true, *checked, None::<&str>)?)
        }
        Item::Note(text) => Box::new(MenuItem::new(app, plain(text), false, None::<&str>)?),
        Item::Submenu(text, items) => {
            let made = made(app, items)?;
            Box::new(Submenu::with_items(app, plain(text), true, &references(&made))?)
        }
        Item::Separator => Box::new(PredefinedMenuItem::separator(app)?),
    })
}

fn references(made: &[Box<dyn IsMenuItem<Wry>>]) -> Vec<&dyn IsMenuItem<Wry>> {
    made.iter().map(Box::as_ref).collect()
}

/// A text in which `&` stands for itself and not for a key to press.
fn plain(text: &str) -> String {
    text.replace('&', "&&")
}
