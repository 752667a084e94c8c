//! References to revisions on the command line: `head`, an id, the beginning of an id, a label, `head-1`, `A+2`.

use super::{History, Position, RevisionIndex};
use crate::diagnostic::{Code, Diagnostic, Result, closest};

/// Words that stand for a position and so cannot be an id or a label.
pub(super) const RESERVED: [&str; 3] = ["base", "head", "heads"];

impl History {
    /// The revision that a reference means.
    ///
    /// Fails where [`History::resolve`] fails, and when the reference means no single revision (`base`).
    pub fn resolve_revision(&self, reference: &str) -> Result<RevisionIndex> {
        match self.resolve(reference)? {
            Position::At(revision) => Ok(revision),
            Position::Heads => Err(self.several_heads(reference, &self.heads())),
            Position::Base => Err(Box::new(
                Diagnostic::new(Code::UnknownRevision, format!("`{reference}` is the state before all revisions"))
                    .help("name a revision by its id"),
            )),
        }
    }

    /// The position that a reference means: `base`, `head`, `heads`, an id, the unique beginning of an id, a branch
    /// label (the head of that branch, as `label@head`), and any of them with `-n` (n parents up) or `+n` (n children
    /// down).
    pub fn resolve(&self, reference: &str) -> Result<Position> {
        let Some(sign) = reference.rfind(['-', '+']) else {
            return self.resolve_symbol(reference);
        };
        let (symbol, steps) = (&reference[..sign], &reference[sign + 1..]);
        if symbol.is_empty() {
            return Err(Box::new(
                Diagnostic::new(Code::UnknownRevision, format!("`{reference}` does not say where the steps begin"))
                    .note("Offprint reads no database, so there is no current revision to count from")
                    .help(format!("write `head{reference}`, or the id of a revision before the steps")),
            ));
        }
        if steps.is_empty() || !steps.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.unknown(reference));
        }
        let start = self.resolve_symbol(symbol)?;
        // More steps than there are revisions lead nowhere, however many there are.
        let steps = steps.parse().unwrap_or(usize::MAX).min(self.len() + 1);
        if reference.as_bytes()[sign] == b'-' {
            self.up(reference, start, steps)
        } else {
            self.down(reference, start, steps)
        }
    }

    fn resolve_symbol(&self, symbol: &str) -> Result<Position> {
        match symbol {
            "base" => Ok(Position::Base),
            "head" | "heads" => match self.heads().as_slice() {
                [] => Ok(Position::Base),
                [head] => Ok(Position::At(*head)),
                _ if symbol == "heads" => Ok(Position::Heads),
                heads => Err(self.several_heads(symbol, heads)),
            },
            _ => match symbol.split_once('@') {
                Some((label, word)) => self.resolve_in_branch(symbol, label, word),
                None => self.resolve_name(symbol),
            },
        }
    }

    /// `label@head`, `label@base`.
    fn resolve_in_branch(&self, symbol: &str, label: &str, word: &str) -> Result<Position> {
        let Some(&bearer) = self.index_of_label.get(label) else {
            return Err(self.unknown(label));
        };
        match word {
            "head" | "heads" => self.head_of_branch(symbol, bearer),
            "base" => Ok(Position::Base),
            _ => Err(Box::new(
                Diagnostic::new(Code::UnknownRevision, format!("`{symbol}` means nothing"))
                    .help(format!("write `{label}@head`, `{label}@base` or the id of a revision")),
            )),
        }
    }

    fn head_of_branch(&self, symbol: &str, bearer: RevisionIndex) -> Result<Position> {
        let mut heads = Vec::new();
        let mut seen = self.with_ancestors(&[]);
        let mut open = vec![bearer];
        while let Some(revision) = open.pop() {
            if seen.insert(revision) {
                if self.children(revision).is_empty() {
                    heads.push(revision);
                }
                open.extend(self.children(revision));
            }
        }
        self.sort_by_id(&mut heads);
        match heads.as_slice() {
            [head] => Ok(Position::At(*head)),
            several => Err(self.several_heads(symbol, several)),
        }
    }

    /// An id, a label, or the beginning of an id.
    fn resolve_name(&self, name: &str) -> Result<Position> {
        if let Some(revision) = self.find(name) {
            return Ok(Position::At(revision));
        }
        if let Some(&bearer) = self.index_of_label.get(name) {
            return self.head_of_branch(name, bearer);
        }
        match self.starting_with(name) {
            [revision] if !name.is_empty() => Ok(Position::At(*revision)),
            candidates if candidates.is_empty() || name.is_empty() => Err(self.unknown(name)),
            candidates => Err(Box::new(
                Diagnostic::new(Code::AmbiguousRevision, format!("more than one revision begins with `{name}`"))
                    .note(format!("these do: {}", self.listed(candidates)))
                    .help("write more of the id"),
            )),
        }
    }

    /// The revisions whose ids begin with the text, sorted by id.
    pub(super) fn starting_with(&self, prefix: &str) -> &[RevisionIndex] {
        let start = self.by_id.partition_point(|&revision| self.id(revision).as_str() < prefix);
        let count = self.by_id[start..].partition_point(|&revision| self.id(revision).starts_with(prefix));
        &self.by_id[start..start + count]
    }

    fn up(&self, reference: &str, start: Position, steps: usize) -> Result<Position> {
        let mut position = start;
        for _ in 0..steps {
            let Position::At(revision) = position else {
                return match position {
                    Position::Heads => Err(self.several_heads(reference, &self.heads())),
                    _ => Err(self.too_far(reference, "there is nothing before `base`")),
                };
            };
            position = match self.parents(revision) {
                [] => Position::Base,
                [parent] => Position::At(*parent),
                several => return Err(self.several_ways(reference, revision, "merges", several)),
            };
        }
        Ok(position)
    }

    fn down(&self, reference: &str, start: Position, steps: usize) -> Result<Position> {
        let mut position = start;
        for _ in 0..steps {
            let next = match position {
                Position::Base => self.bases(),
                Position::At(revision) => self.children(revision).to_vec(),
                Position::Heads => Vec::new(),
            };
            position = match (next.as_slice(), position) {
                ([], _) => {
                    let reason = format!("nothing follows `{}`", self.describe(position));
                    return Err(self.too_far(reference, &reason));
                }
                ([child], _) => Position::At(*child),
                (several, Position::At(revision)) => {
                    return Err(self.several_ways(reference, revision, "is followed by", several));
                }
                (several, _) => {
                    return Err(Box::new(
                        Diagnostic::new(
                            Code::AmbiguousRevision,
                            format!("`{reference}` can be reached in several ways"),
                        )
                        .note(format!("the history begins with {}", self.listed(several)))
                        .help("name the revision by its id"),
                    ));
                }
            };
        }
        Ok(position)
    }

    fn several_ways(
        &self,
        reference: &str,
        revision: RevisionIndex,
        relation: &str,
        several: &[RevisionIndex],
    ) -> Box<Diagnostic> {
        Box::new(
            Diagnostic::new(Code::AmbiguousRevision, format!("`{reference}` leads more than one way"))
                .note(format!("`{}` {relation} {}", self.id(revision), self.listed(several)))
                .help("name the revision by its id"),
        )
    }

    fn too_far(&self, reference: &str, reason: &str) -> Box<Diagnostic> {
        Box::new(
            Diagnostic::new(Code::UnknownRevision, format!("`{reference}` leads out of the history"))
                .note(reason)
                .help("take fewer steps, or name the revision by its id; `offprint history` lists all"),
        )
    }

    fn several_heads(&self, reference: &str, heads: &[RevisionIndex]) -> Box<Diagnostic> {
        let parents: String = heads.iter().take(4).map(|&head| format!(" --parent {}", self.id(head))).collect();
        Box::new(
            Diagnostic::new(
                Code::SeveralHeads,
                format!("`{reference}` means one revision, but there are {} heads", heads.len()),
            )
            .note(format!("the heads are {}", self.listed(heads)))
            .help(format!("merge them: `offprint new \"merge\"{parents}`"))
            .help("or name the one you mean by its id, or all of them with `heads`"),
        )
    }

    fn unknown(&self, name: &str) -> Box<Diagnostic> {
        let shown: String = name.chars().take(64).flat_map(char::escape_debug).collect();
        let mut labels: Vec<&str> = self.index_of_label.keys().map(|label| label.as_str()).collect();
        labels.sort_unstable();
        let ids = self.by_id.iter().map(|&revision| self.id(revision).as_str());
        let diagnostic = Diagnostic::new(
            Code::UnknownRevision,
            format!("no revision has the id, the label or the prefix `{shown}`"),
        );
        Box::new(match closest(name, RESERVED.into_iter().chain(labels).chain(ids)) {
            Some(candidate) => diagnostic.help(format!("did you mean `{candidate}`?")),
            None => diagnostic.help("`offprint history` lists all revisions"),
        })
    }
}
