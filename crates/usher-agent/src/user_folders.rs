//! The folders that a desktop makes for its user, as rules name them. They have other names in other languages, and lie
//! wherever the user has put them.

use std::path::{Path, PathBuf};

use crate::api::UserFolders;

impl UserFolders {
    /// Those of the user who runs this program.
    pub(crate) fn from_env(home: &Path) -> Self {
        let english = Self::english();
        let named =
            |found: Option<PathBuf>, english| found.and_then(|path| in_rules(&path, home)).unwrap_or(english);
        Self {
            desktop: named(dirs::desktop_dir(), english.desktop),
            documents: named(dirs::document_dir(), english.documents),
            downloads: named(dirs::download_dir(), english.downloads),
            music: named(dirs::audio_dir(), english.music),
            pictures: named(dirs::picture_dir(), english.pictures),
            videos: named(dirs::video_dir(), english.videos),
        }
    }

    /// What they are called where the desktop does not say it.
    pub(crate) fn english() -> Self {
        Self {
            desktop: "~/Desktop".to_owned(),
            documents: "~/Documents".to_owned(),
            downloads: "~/Downloads".to_owned(),
            music: "~/Music".to_owned(),
            pictures: "~/Pictures".to_owned(),
            videos: "~/Videos".to_owned(),
        }
    }

    /// A text of ours, which names them in English, with their own names instead.
    pub fn put_into(&self, text: &str) -> String {
        let english = Self::english();
        let names = english.each().into_iter().zip(self.each());
        let mut pieces = text.split("~/");
        let mut done = pieces.next().unwrap_or_default().to_owned();
        // In one go: what has been put in is not looked at again.
        for piece in pieces {
            let found = names
                .clone()
                .find_map(|(english, own)| Some((own, piece.strip_prefix(english.strip_prefix("~/")?)?)));
            let (folder, rest) = found.unwrap_or(("~/", piece));
            done.push_str(folder);
            done.push_str(rest);
        }
        done
    }

    fn each(&self) -> [&str; 6] {
        [&self.desktop, &self.documents, &self.downloads, &self.music, &self.pictures, &self.videos]
    }
}

/// A folder as rules name it; nothing where its name would have to be written in another way than it is called, since
/// YAML or a template reads something else in it.
fn in_rules(path: &Path, home: &Path) -> Option<String> {
    let text = match path.strip_prefix(home) {
        Ok(below) if below.as_os_str().is_empty() => return None,
        Ok(below) => format!("~/{}", below.to_str()?),
        Err(_) => path.to_str()?.to_owned(),
    };
    #[cfg(windows)]
    let text = text.replace('\\', "/");
    let is_special = |letter: char| letter.is_control() || r#"\"{}$%#*?[]"#.contains(letter);
    let is_plain = !text.contains(is_special) && !text.contains(": ") && !text.ends_with([' ', ':']);
    is_plain.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_named_below_home_or_by_its_whole_path() {
        let named = |path: &str| in_rules(Path::new(path), Path::new("/home/zoé"));
        assert_eq!(named("/home/zoé/Téléchargements").as_deref(), Some("~/Téléchargements"));
        assert_eq!(named("/home/zoé/Mes documents/À moi").as_deref(), Some("~/Mes documents/À moi"));
        assert_eq!(named("/data/l'été").as_deref(), Some("/data/l'été"));
    }

    #[test]
    fn a_name_that_would_be_read_otherwise_is_none() {
        for name in
            ["a{b}", "$HOME", "50%", "a: b", "a #b", "say \"hi\"", "a\\b", "a*", "a\nb", "a ", "a:", ""]
        {
            let path = Path::new("/home/me").join(name);
            assert_eq!(in_rules(&path, Path::new("/home/me")), None, "{name:?}");
        }
    }

    #[test]
    fn each_folder_gets_its_own_name_once() {
        let own = UserFolders {
            downloads: "~/Documents/new".to_owned(),
            documents: "/data/Papiere".to_owned(),
            ..UserFolders::english()
        };
        let text =
            "- ~/Downloads\n- ~/Documents/{created.year}/\n- ~/Desktop ~/else \"{volume.path}/Documents\"";
        assert_eq!(
            own.put_into(text),
            "- ~/Documents/new\n- /data/Papiere/{created.year}/\n- ~/Desktop ~/else \"{volume.path}/Documents\""
        );
        assert_eq!(UserFolders::english().put_into(text), text);
    }
}
