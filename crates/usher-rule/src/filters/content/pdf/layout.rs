//! Pieces of text on a page, put into lines as they stand there.

/// A piece of text and its place on the page.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) x: f32,
    pub(super) y: f32,
    /// How far it reaches to the right.
    pub(super) width: f32,
    /// The height of its letters.
    pub(super) size: f32,
}

/// Letters closer than this, in parts of their height, belong to one word.
const WORD_GAP: f32 = 0.16;

/// Gaps wider than this are kept as several blanks, so that columns stay apart.
const COLUMN_GAP: f32 = 1.5;

/// No gap is wider than this many blanks.
const MOST_BLANKS: usize = 40;

/// The lines of a page, from top to bottom, each from left to right.
pub(super) fn lines(mut pieces: Vec<Piece>) -> String {
    pieces.retain(|piece| !piece.text.is_empty() && piece.x.is_finite() && piece.y.is_finite());
    // A stable sort: what stands at one height stays in the order it was written.
    pieces.sort_by(|a, b| b.y.total_cmp(&a.y));
    let mut text = String::new();
    let mut from = 0;
    while let Some(first) = pieces.get(from) {
        let near = |piece: &Piece| first.y - piece.y <= 0.4 * first.size.min(piece.size).max(1.0);
        let count = pieces[from..].iter().take_while(|piece| near(piece)).count().max(1);
        let line = &mut pieces[from..from + count];
        line.sort_by(|a, b| a.x.total_cmp(&b.x));
        add_line(line, &mut text);
        from += count;
    }
    text
}

fn add_line(line: &[Piece], text: &mut String) {
    let mut reached: Option<f32> = None;
    for piece in line {
        if let Some(reached) = reached {
            let gap = (piece.x - reached) / piece.size.max(1.0);
            let parted = text.ends_with(' ') || piece.text.starts_with(' ');
            if gap > COLUMN_GAP {
                let blanks = ((gap / 0.5) as usize).clamp(1, MOST_BLANKS);
                text.push_str(&" ".repeat(blanks));
            } else if gap > WORD_GAP && !parted {
                text.push(' ');
            }
        }
        text.push_str(&piece.text);
        reached = Some(reached.unwrap_or(f32::MIN).max(piece.x + piece.width));
    }
    text.truncate(text.trim_end_matches(' ').len());
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(text: &str, x: f32, y: f32) -> Piece {
        Piece { text: text.to_owned(), x, y, width: 5.0 * text.len() as f32, size: 10.0 }
    }

    #[test]
    fn pieces_become_words_lines_and_columns() {
        let pieces = vec![
            piece("below", 0.0, 80.0),
            piece("Total:", 0.0, 100.0),
            piece("12.50", 200.0, 100.5),
            piece("In", 0.0, 120.0),
            piece("voice", 10.2, 120.0),
            piece("No", 38.0, 120.0),
        ];
        let text = lines(pieces);
        let words: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(words, [vec!["Invoice", "No"], vec!["Total:", "12.50"], vec!["below"]]);
        assert!(text.contains("Total:          "));
    }

    #[test]
    fn places_that_are_no_numbers_are_left_out() {
        assert_eq!(
            lines(vec![piece("a", f32::NAN, 0.0), piece("b", 0.0, f32::INFINITY), piece("c", 0.0, 0.0)]),
            "c\n"
        );
        assert_eq!(lines(Vec::new()), "");
    }
}
