//! A graph in plain characters, as `git log --graph` draws it.
//!
//! Each open line leads to a revision that is still to come. A line takes two columns: the line itself, and what leads
//! to its neighbour.

use crate::history::RevisionIndex;

/// A graph that grows downwards.
#[derive(Debug, Default)]
pub struct Graph {
    text: String,
    /// The revisions that the open lines lead to.
    lines: Vec<RevisionIndex>,
}

impl Graph {
    /// Draws a revision, after all of its children.
    pub fn add(&mut self, revision: RevisionIndex, parents: &[RevisionIndex], text: &str) {
        let place = match self.lines.iter().position(|&line| line == revision) {
            Some(place) => place,
            None => {
                self.lines.push(revision);
                self.lines.len() - 1
            }
        };
        while let Some(other) = self.lines.iter().rposition(|&line| line == revision).filter(|&other| other > place) {
            self.join(place, other);
        }
        let node = self.row(|line| if line == place { '*' } else { '|' });
        self.push(&format!("{node}  {text}"));
        match parents {
            [] => {
                self.lines.remove(place);
                if self.lines.len() > place {
                    self.push(&self.shifted(place, '/'));
                }
            }
            [first, others @ ..] => {
                self.lines[place] = *first;
                for &parent in others {
                    self.lines.insert(place + 1, parent);
                    self.push(&self.shifted(place + 1, '\\'));
                }
            }
        }
    }

    /// The drawing.
    pub fn into_text(self) -> String {
        self.text
    }

    /// Leads the line `other`, and all beyond it, one place nearer to `place`, where it ends.
    fn join(&mut self, place: usize, other: usize) {
        self.lines.remove(other);
        let mut row: Vec<char> = vec![' '; 2 * (self.lines.len() + 1)];
        for line in 0..other {
            row[2 * line] = '|';
            if line >= place {
                row[2 * line + 1] = if line + 1 == other { '/' } else { '_' };
            }
        }
        for line in other..self.lines.len() {
            row[2 * line + 1] = '/';
        }
        self.push(&row.iter().collect::<String>());
    }

    /// The lines before `from`, and those after it on their way to another place.
    fn shifted(&self, from: usize, slope: char) -> String {
        let straight: String = (0..from).map(|_| "| ").collect();
        let (before, after) = if slope == '/' { (" ", "") } else { ("", " ") };
        let moving: String = (from..self.lines.len()).map(|_| format!("{before}{slope}{after}")).collect();
        // A line that opens begins beside its neighbour, in the column between the two.
        let straight = if slope == '/' { straight.as_str() } else { straight.trim_end() };
        format!("{straight}{moving}")
    }

    fn row(&self, symbol: impl Fn(usize) -> char) -> String {
        let symbols: Vec<String> = (0..self.lines.len()).map(|line| symbol(line).to_string()).collect();
        symbols.join(" ")
    }

    fn push(&mut self, row: &str) {
        self.text.push_str(row.trim_end());
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::Graph;
    use crate::history::{History, Node};
    use crate::source::{Name, Origin};

    /// Draws revisions that are written as `child: parent parent`.
    fn draw(revisions: &[&str]) -> String {
        let name = |text: &str| Name::new(text.into(), Origin::Unknown);
        let node = |line: &&str| {
            let (id, parents) = line.split_once(':').unwrap_or((line, ""));
            Node {
                id: name(id),
                parents: parents.split_whitespace().map(name).collect(),
                labels: Vec::new(),
                depends_on: Vec::new(),
            }
        };
        let history = History::build(&revisions.iter().map(node).collect::<Vec<_>>()).expect("a valid history");
        let mut graph = Graph::default();
        for &revision in history.order().iter().rev() {
            graph.add(revision, history.parents(revision), history.id(revision));
        }
        graph.into_text()
    }

    #[test]
    fn a_chain_is_a_line() {
        insta::assert_snapshot!(draw(&["a:", "b: a", "c: b"]), @r"
        *  c
        *  b
        *  a
        ");
    }

    #[test]
    fn a_merge_splits_and_joins() {
        insta::assert_snapshot!(draw(&["a:", "b: a", "c: a", "c2: c", "d: b c2", "e: d"]));
    }

    #[test]
    fn many_heads_stand_side_by_side() {
        insta::assert_snapshot!(draw(&["a:", "b: a", "c: a", "d: a", "e: b", "x:", "y: x"]));
    }

    #[test]
    fn lines_cross_where_they_must() {
        insta::assert_snapshot!(draw(&["a:", "b: a", "c: a", "d: b", "e: c d", "f: b", "g: a", "h: e f g"]));
    }
}
