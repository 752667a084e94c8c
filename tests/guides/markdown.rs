//! The fenced blocks of a guide.

/// A fenced block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The word after the fence: `console`, `sql`, and so on; empty when there is none.
    pub kind: String,
    /// The line of the fence, counted from 1.
    pub line: usize,
    /// The lines between the fences, without the indentation of the fence.
    pub lines: Vec<String>,
    /// The last line above the fence that is not blank.
    pub lead: String,
}

/// The blocks of a guide in their order.
///
/// # Errors
///
/// Code that a reader sees and that would not be found here: a fence that is not closed or made of tildes, a block that
/// is only indented, HTML.
pub fn blocks(text: &str) -> Result<Vec<Block>, String> {
    let mut blocks = Vec::new();
    let mut open: Option<(Block, usize)> = None;
    let mut lead = String::new();
    let mut in_list = false;
    let mut after_blank = true;
    for (number, line) in (1..).zip(text.lines()) {
        let content = line.trim_start();
        let indentation = line.len() - content.len();
        if let Some((block, margin)) = &mut open {
            if content.trim_end() == "```" {
                blocks.extend(open.take().map(|(block, _)| block));
                after_blank = true;
            } else {
                block.lines.push(line[indentation.min(*margin)..].to_owned());
            }
            continue;
        }
        if let Some(kind) = content.strip_prefix("```") {
            let block = Block { kind: kind.trim().to_owned(), line: number, lines: Vec::new(), lead: lead.clone() };
            open = Some((block, indentation));
            continue;
        }
        if content.starts_with("~~~") || content.contains("<pre") {
            return Err(format!("line {number}: write a block between ``` fences, which this test finds"));
        }
        if content.is_empty() {
            after_blank = true;
            continue;
        }
        if indentation == 0 {
            let numbered = content.trim_start_matches(|character: char| character.is_ascii_digit());
            in_list = content.starts_with("- ") || (numbered.len() < content.len() && numbered.starts_with(". "));
        }
        if indentation >= 4 && after_blank && !in_list {
            return Err(format!("line {number}: write a block between ``` fences; indented ones are not found"));
        }
        after_blank = false;
        lead = line.to_owned();
    }
    match open {
        Some((block, _)) => Err(format!("line {}: this fence is never closed", block.line)),
        None => Ok(blocks),
    }
}

#[test]
fn blocks_are_found_with_their_lead() {
    let text =
        "# Title\n\nAlembic says:\n\n```sql\nSELECT 1;\n\n```\n- item\n\n  ```console\n  $ true\n    two\n  ```\n";
    let found = blocks(text).expect("well formed");
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].kind.as_str(), found[0].line, found[0].lead.as_str()), ("sql", 5, "Alembic says:"));
    assert_eq!(found[0].lines, ["SELECT 1;", ""]);
    assert_eq!(found[1].lines, ["$ true", "  two"]);
}

#[test]
fn hidden_blocks_are_refused() {
    for (text, line) in [
        ("```console\n$ true\n", "line 1"),
        ("Text.\n\n    cargo test\n", "line 3"),
        ("~~~sh\ntrue\n~~~\n", "line 1"),
        ("<pre>true</pre>\n", "line 1"),
    ] {
        let refusal = blocks(text).expect_err(text);
        assert!(refusal.starts_with(line), "{text}: {refusal}");
    }
    blocks("- item\n\n    more of the item\n").expect("a paragraph of a list is no block");
}
