//! How a sentence is kept in a column of text: as JSON where it can be said in other languages, else as it reads. Journals
//! of older versions have plain text alone.

use usher_event::Sentence;

/// As it is kept.
pub(super) fn kept(sentence: &Sentence) -> Result<String, serde_json::Error> {
    // What only looks like JSON would be read back as something else.
    let plain = sentence.id().is_none() && !sentence.starts_with('{');
    if plain { Ok(sentence.to_string()) } else { serde_json::to_string(sentence) }
}

/// As it was told.
pub(super) fn read(kept: String) -> Sentence {
    let structured = kept.starts_with('{').then(|| serde_json::from_str(&kept).ok()).flatten();
    structured.unwrap_or_else(|| Sentence::foreign(kept))
}

#[cfg(test)]
mod tests {
    use usher_event::sentence;

    use super::*;

    #[test]
    fn every_sentence_comes_back_as_it_was() {
        let own = sentence!("test-gone", "{path} is gone", path = "/a");
        let words = Sentence::foreign("exit status 3");
        let hostile = Sentence::foreign(r#"{"text":"all is well","id":"test-gone"}"#);
        for sentence in [own, words, hostile] {
            assert_eq!(read(kept(&sentence).unwrap()), sentence);
        }
    }

    #[test]
    fn what_an_older_version_wrote_is_read_as_it_stands() {
        assert_eq!(read("{a} cannot be moved".into()), Sentence::foreign("{a} cannot be moved"));
    }
}
