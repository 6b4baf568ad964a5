//! `volume`: drives that come and go.

use usher_event::{Edge, Noun, State, Volume, sentence};

use super::Occasion;
use super::texts::{Texts, patterns};
use crate::load::{Kind, Param, Reader, Spec, as_flag};

pub(super) const SPEC: Spec = Spec {
    params: &[
        Param::required("volume", Kind::Choices(&["mounted", "unmounted"]), "what happens to the drive"),
        patterns("label", "names of drives, with `*` and `?`"),
        patterns("uuid", "identifiers of file systems"),
        patterns("path", "where it is mounted, with `*` and `?`"),
        Param::new("removable", Kind::Flag, "", "only drives that can, or cannot, be taken out"),
        Param::new("network", Kind::Flag, "", "only drives that lie, or do not lie, on another machine"),
    ],
    variables: &["volume.label", "volume.uuid", "volume.path", "volume.fstype"],
    ..Spec::new("volume", "a drive is mounted, or is not any more")
};

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Occasion>> {
    let what = reader.choices("volume");
    Some(Box::new(Drive {
        mounted: what.contains(&"mounted"),
        unmounted: what.contains(&"unmounted"),
        label: Texts::read(reader, "label"),
        uuid: Texts::read(reader, "uuid"),
        path: Texts::read(reader, "path"),
        removable: flag(reader, "removable"),
        network: flag(reader, "network"),
    }))
}

/// Yes, no, or not said.
fn flag(reader: &mut Reader<'_, '_>, name: &'static str) -> Option<bool> {
    let node = reader.node(name).filter(|node| !node.is_null())?;
    let flag = as_flag(node);
    if flag.is_none() {
        reader.wrong(name, node, sentence!("wanted-flag", "yes or no"));
    }
    flag
}

#[derive(Debug)]
struct Drive {
    mounted: bool,
    unmounted: bool,
    label: Texts,
    uuid: Texts,
    path: Texts,
    removable: Option<bool>,
    network: Option<bool>,
}

impl Drive {
    fn fits(&self, volume: &Volume) -> bool {
        self.label.fit(volume.label.as_deref())
            && self.uuid.fit(volume.uuid.as_deref())
            && self.path.fit(volume.path.to_str())
            && self.removable.is_none_or(|removable| removable == volume.removable)
            && self.network.is_none_or(|network| network == volume.network)
    }
}

impl Occasion for Drive {
    fn noun(&self) -> Option<Noun> {
        Some(Noun::Volume)
    }

    fn wakes(&self, edge: &Edge) -> bool {
        match edge {
            Edge::VolumeMounted(volume) => self.mounted && self.fits(volume),
            Edge::VolumeUnmounted(volume) => self.unmounted && self.fits(volume),
            _ => false,
        }
    }

    fn holds(&self, state: &State) -> Option<bool> {
        let there = state.volumes.as_ref()?.iter().any(|volume| self.fits(volume));
        Some(if there { self.mounted } else { self.unmounted })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::clause;
    use super::*;

    fn camera() -> Volume {
        Volume {
            label: Some("EOS_DIGITAL".into()),
            uuid: Some("12AB-34CD".into()),
            path: "/media/me/EOS_DIGITAL".into(),
            fstype: "vfat".into(),
            removable: true,
            network: false,
        }
    }

    #[test]
    fn a_drive_is_told_by_what_is_asked_of_it() {
        let (here, gone) = (Edge::VolumeMounted(camera()), Edge::VolumeUnmounted(camera()));
        for (written, wakes) in [
            ("volume: mounted", true),
            ("volume: unmounted", false),
            ("volume: [mounted, unmounted]", true),
            ("volume: mounted, label: eos_*", true),
            ("volume: mounted, label: [BACKUP, EOS_DIGITAL]", true),
            ("volume: mounted, label: EOS", false),
            ("volume: mounted, uuid: 12ab-34cd", true),
            ("volume: mounted, path: /media/*", true),
            ("volume: mounted, removable: no", false),
            ("volume: mounted, removable: yes, network: no", true),
            ("volume: mounted, network: yes", false),
        ] {
            assert_eq!(clause(written).occasion.wakes(&here), wakes, "{written}");
        }
        assert!(clause("volume: unmounted").occasion.wakes(&gone));
    }

    #[test]
    fn a_guard_asks_whether_such_a_drive_is_there() {
        let state = State { volumes: Some(vec![camera()]), ..State::default() };
        let holds = |written: &str, state: &State| clause(written).occasion.holds(state);
        assert_eq!(holds("volume: mounted, label: EOS*", &state), Some(true));
        assert_eq!(holds("volume: mounted, label: BACKUP", &state), Some(false));
        assert_eq!(holds("volume: unmounted, label: BACKUP", &state), Some(true));
        assert_eq!(holds("volume: mounted", &State::default()), None, "nobody has looked");
    }
}
