//! `python`: runs some of the user's own code.

use std::time::Duration;

use super::{Action, ActionError, shell};
use crate::load::{Kind, Param, Reader, Spec};
use crate::python::{self, PythonCall};
use crate::template::Template;
use crate::{Context, Op, PythonStep, Step};

pub(super) const SPEC: Spec = Spec {
    positional: Some("code"),
    params: &[
        Param::required(
            "code",
            Kind::Text,
            "the code; `path` and all other variables are there, and a dict it returns goes into `{python}`",
        ),
        Param::new("run_in_simulation", Kind::Flag, "false", "whether a simulation runs it too"),
        Param::new("timeout", Kind::Duration, "10m", "how long it may take"),
        shell::UNDO,
    ],
    variables: &["python"],
    standalone: true,
    ..Spec::new("python", "runs Python code and waits for it")
};

/// Characters of the code that are shown.
const SHOWN: usize = 60;

#[derive(Debug)]
struct Python {
    code: String,
    run_in_simulation: bool,
    timeout: Duration,
    undo: Option<Template>,
    reads: Vec<String>,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Action>> {
    let code = reader.text("code");
    Some(Box::new(Python {
        run_in_simulation: reader.flag("run_in_simulation"),
        timeout: reader.duration("timeout").unwrap_or(Duration::from_secs(600)),
        undo: reader.given("undo"),
        reads: python::words(&code),
        code,
    }))
}

impl Action for Python {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn can_be_undone(&self) -> bool {
        self.undo.is_some()
    }

    fn summary(&self) -> String {
        let mut lines = self.code.lines().map(str::trim).filter(|line| !line.is_empty());
        let first = lines.next().unwrap_or_default();
        let mut shown: String = first.chars().take(SHOWN).collect();
        if shown.len() < first.len() || lines.next().is_some() {
            shown.push_str(" ...");
        }
        shown
    }

    fn standalone(&self) -> bool {
        SPEC.standalone
    }

    fn templates(&self) -> Vec<&Template> {
        self.undo.iter().collect()
    }

    fn reads(&self) -> &[String] {
        &self.reads
    }

    fn plan(&self, cx: &mut Context<'_>) -> Result<Step, ActionError> {
        let call = PythonCall::new(&self.code, cx, self.timeout);
        let (undo, undone) = shell::undo(self.undo.as_ref(), cx)?.unzip();
        let step = PythonStep { call, undo, run_in_simulation: self.run_in_simulation };
        Ok(Step {
            from: cx.path.clone(),
            ops: vec![Op::Python(step)],
            note: Some(shell::note(self.summary(), undone.as_deref())),
            ..Step::new(SPEC.name)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::fake::{Fake, rule};
    use crate::{Op, PythonStep};

    #[test]
    fn the_first_line_is_shown_and_the_code_goes_along_whole() {
        let world = Fake::new().file("/in/a.txt", "x");
        let ops = world.plan("- python: |\n    import os\n    os.remove(path)", "/in/a.txt");
        let [Op::Python(PythonStep { call, undo: None, run_in_simulation: false })] = &ops[..] else {
            panic!("{ops:?}")
        };
        assert!(call.request.contains("import os\\nos.remove(path)"), "{}", call.request);
        assert!(ops[0].irreversible().is_some());
        assert_eq!(world.run("- python: import os", "/in/a.txt"), "python import os\n");
    }

    #[test]
    fn an_undo_makes_it_one_that_can_be_taken_back() {
        let world = Fake::new().file("/in/a.txt", "x");
        let ops = world.plan("- python: {code: make(path), undo: 'rm {path}.made'}", "/in/a.txt");
        assert_eq!(ops[0].irreversible(), None);
    }

    #[test]
    fn it_works_without_a_file() {
        let rule = rule("rules: [{actions: [python: print(1)]}]");
        assert!(rule.standalone());
    }
}
