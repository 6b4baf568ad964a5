//! Where Usher differs from organize on purpose. Each of these has a heading in `docs/guide/organize.md`.

use crate::case::Verdict::{self, Failed, Refused, Went};

/// Why Usher ends elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deliberate {
    /// `Thumbs.db` is a file that systems leave behind, whatever its letters.
    SystemFilesInAnyCase,
    /// Two files of one size and time need not be the same.
    DuplicatesByContent,
    /// What a rule has made is left alone, however its location was written.
    OutputsAreKnown,
    /// A file called `$HOME` keeps its name.
    NamesStayNames,
    /// Empty folders that leave their parent empty take it along.
    FoldersFromTheInside,
    /// `search: depth` is an order.
    SearchIsHeeded,
    /// Numbers stand for text everywhere, one value for a list, and the like.
    MoreIsRead,
    /// `extension: no`, an alias inside its own anchor.
    NonsenseIsRefused,
    /// A location that is empty and a destination that comes out empty are no places.
    NothingIsNoPlace,
    /// A step that cannot be done leaves no empty folder or file behind.
    FailuresLeaveNothing,
    /// Relative locations make absolute paths.
    PathsAreAbsolute,
    /// A location that cannot be expanded is its rule's failure and not the run's end.
    LocationsFailAlone,
    /// What templates do not know: operators of paths and times, other users' homes.
    TemplatesKnowLess,
    /// A location that is a link to a file.
    LinksAreNoFiles,
    /// `=` and `<<` as values.
    SignsAreText,
    /// A link where something is to be put is what is in the way, and not what it leads to.
    LinksInTheWay,
    /// A second name of a file is not made where it is there already.
    LinksOnce,
    /// What is replaced goes to the vault, where it keeps its other names company.
    ReplacedIsKept,
    /// A file that a filter could not look at has failed.
    FailedFiltersCount,
    /// A link in a folder that is copied is copied as a link.
    LinksAreCopied,
    /// A folder is not copied into itself.
    FoldersStayOutside,
    /// What is written from its beginning is a new file.
    WrittenAnew,
    /// What cannot be read is neither with a word nor without it.
    UnreadTextsStay,
    /// A value in a command is one word.
    ValuesAreQuoted,
    /// `..` in a value leads nowhere.
    ValuesStayInside,
    /// What has a partial download beside it is not finished.
    UnfinishedStays,
    /// What an action returns takes the place of what a filter has returned, whatever that was.
    ResultsGiveWay,
}

use Deliberate::*;

impl Deliberate {
    /// All of them.
    const ALL: &[Self] = &[
        SystemFilesInAnyCase,
        DuplicatesByContent,
        OutputsAreKnown,
        NamesStayNames,
        FoldersFromTheInside,
        SearchIsHeeded,
        MoreIsRead,
        NonsenseIsRefused,
        NothingIsNoPlace,
        FailuresLeaveNothing,
        PathsAreAbsolute,
        LocationsFailAlone,
        TemplatesKnowLess,
        LinksAreNoFiles,
        SignsAreText,
        LinksInTheWay,
        LinksOnce,
        ReplacedIsKept,
        FailedFiltersCount,
        LinksAreCopied,
        FoldersStayOutside,
        WrittenAnew,
        UnreadTextsStay,
        ValuesAreQuoted,
        ValuesStayInside,
        UnfinishedStays,
        ResultsGiveWay,
    ];

    /// Whether the two verdicts can differ for this reason.
    pub(crate) fn holds(self, theirs: Verdict, ours: Verdict) -> bool {
        match self {
            MoreIsRead => theirs == Refused && ours != Refused,
            NonsenseIsRefused => theirs != Refused && ours == Refused,
            NothingIsNoPlace => theirs != Refused && ours != Went,
            FailedFiltersCount | ValuesStayInside => theirs == Went && ours == Failed,
            LocationsFailAlone => theirs == Refused && ours == Failed,
            NamesStayNames => ours == Went,
            ResultsGiveWay => theirs == Failed && ours == Went,
            TemplatesKnowLess | LinksAreNoFiles | UnreadTextsStay => theirs == Went,
            FoldersStayOutside => ours == Failed,
            LinksAreCopied => ours == Went,
            _ => theirs == ours,
        }
    }

    /// Its heading in the guide.
    fn heading(self) -> &'static str {
        match self {
            SystemFilesInAnyCase => "System files are left alone in any case",
            DuplicatesByContent => "Duplicates are found by their content",
            OutputsAreKnown => "A rule never handles what it has just made",
            NamesStayNames => "A file name is never expanded",
            FoldersFromTheInside => "Empty folders go in one run",
            SearchIsHeeded => "`search` is heeded",
            MoreIsRead => "More is read",
            NonsenseIsRefused => "Nonsense is refused",
            NothingIsNoPlace => "Nothing is no place",
            FailuresLeaveNothing => "A step that fails leaves nothing behind",
            PathsAreAbsolute => "Paths are absolute",
            LocationsFailAlone => "A location that cannot be expanded stops its rule only",
            TemplatesKnowLess => "What templates do not know",
            SignsAreText => "A lone `=` or `<<` is text",
            LinksAreNoFiles => "A location cannot be a link to a file",
            LinksInTheWay => "A link in the way is not followed",
            LinksOnce => "A link is not made twice",
            ReplacedIsKept => "What is replaced is kept",
            FailedFiltersCount => "A filter that fails is a file that fails",
            LinksAreCopied => "Links in a copied folder stay links",
            FoldersStayOutside => "A folder does not go into itself",
            WrittenAnew => "A file that is written anew parts with its other names",
            UnreadTextsStay => "A text that cannot be read leaves the file alone",
            ValuesAreQuoted => "What a command is given stays one word",
            ValuesStayInside => "A value does not lead out of a folder",
            UnfinishedStays => "What somebody is still at work on is left alone",
            ResultsGiveWay => "What code returns replaces what code before it returned",
        }
    }
}

#[test]
fn each_deliberate_difference_is_in_the_guide() {
    let guide = include_str!("../../../../docs/guide/organize.md");
    for difference in Deliberate::ALL {
        let heading = format!("\n### {}\n", difference.heading());
        assert!(guide.contains(&heading), "docs/guide/organize.md has no heading {heading:?}");
    }
}
