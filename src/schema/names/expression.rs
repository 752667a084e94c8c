//! Expressions: where a name in them can be a column, and where it is a function, a type, a keyword or a collation.

use ecow::EcoString;

use super::Obstacle;
use super::resolve::{MentionId, Read, Reader, ScopeId};
use super::words::{is_constant, is_reserved, name_or_string};
use crate::schema::Dialect;
use crate::schema::tokens::{Token, TokenKind};

const UNKNOWN: Obstacle = Obstacle("its grammar is not known");

/// What an expression is as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Column(MentionId),
    /// A call of a function, after which Postgres names the item.
    Call,
    Other,
}

/// What an operand is.
enum Operand {
    Column(MentionId),
    Call,
    Other,
    /// It only comes before one, such as `NOT`.
    Prefix,
    /// There is none here.
    None,
}

/// What follows an operand.
enum Next {
    /// An operator, which wants another operand.
    Operator,
    /// Something that belongs to the operand.
    Suffix,
    /// What does not belong to the expression.
    End,
}

impl<'a> Reader<'a> {
    /// Reads an expression and stops before the first token that cannot belong to it. It may be empty.
    pub fn expression(&mut self, scope: ScopeId) -> Read<Shape> {
        self.nested(|reader| reader.flat_expression(scope))
    }

    fn flat_expression(&mut self, scope: ScopeId) -> Read<Shape> {
        let first = self.at;
        let mut cases = 0_usize;
        loop {
            let alone = self.at == first;
            let mut shape = match self.operand(scope, &mut cases)? {
                Operand::Column(mention) if alone => Shape::Column(mention),
                Operand::Call if alone => Shape::Call,
                Operand::Column(_) | Operand::Call | Operand::Other => Shape::Other,
                Operand::Prefix => continue,
                Operand::None if alone => return Ok(Shape::Other),
                Operand::None => return Err(UNKNOWN),
            };
            loop {
                match self.after_operand(scope, &mut cases)? {
                    Next::Operator => break,
                    Next::Suffix => shape = Shape::Other,
                    Next::End if cases == 0 => return Ok(shape),
                    Next::End => return Err(UNKNOWN),
                }
            }
        }
    }

    fn operand(&mut self, scope: ScopeId, cases: &mut usize) -> Read<Operand> {
        let Some(token) = self.peek() else { return Ok(Operand::None) };
        match token.kind {
            TokenKind::Number => {
                self.at += 1;
                Ok(Operand::Other)
            }
            TokenKind::Text if self.peek_after(1).is_none_or(|next| !next.is_mark(".")) => {
                self.at += 1;
                Ok(Operand::Other)
            }
            TokenKind::Text | TokenKind::QuotedName => self.named(scope),
            TokenKind::Mark => self.operand_at_mark(scope, token),
            TokenKind::Unclosed => Err(UNKNOWN),
            TokenKind::Word => self.operand_at_word(scope, token, cases),
        }
    }

    fn operand_at_mark(&mut self, scope: ScopeId, token: Token<'_>) -> Read<Operand> {
        match token.text {
            "(" => {
                self.parenthesis(scope)?;
                Ok(Operand::Other)
            }
            "." if self.peek_after(1).is_some_and(|next| next.kind == TokenKind::Number) => {
                self.at += 2;
                Ok(Operand::Other)
            }
            ")" | "," | ";" | "]" | "*" | "." => Ok(Operand::None),
            _ => {
                self.at += 1;
                Ok(Operand::Prefix)
            }
        }
    }

    fn operand_at_word(&mut self, scope: ScopeId, token: Token<'_>, cases: &mut usize) -> Read<Operand> {
        let called = self.peek_after(1).is_some_and(|next| next.is_mark("("));
        if token.is_word("NOT") || token.is_word("EXISTS") {
            self.at += 1;
            return Ok(Operand::Prefix);
        }
        if token.is_word("CASE") {
            self.at += 1;
            *cases += 1;
            self.take_word("WHEN");
            return Ok(Operand::Prefix);
        }
        if token.is_word("CAST") && called {
            self.at += 2;
            self.expression(scope)?;
            self.expect_word("AS")?;
            self.type_name()?;
            self.expect_mark(")")?;
            return Ok(Operand::Other);
        }
        if token.is_word("ARRAY") && self.dialect == Dialect::Postgres && !called {
            self.at += 1;
            self.subscript(scope)?;
            return Ok(Operand::Other);
        }
        if is_reserved(&token, self.dialect) && !called {
            if !is_constant(&token) {
                return Ok(Operand::None);
            }
            self.at += 1;
            return Ok(Operand::Other);
        }
        self.named(scope)
    }

    /// A column, a star of a source, or a call.
    fn named(&mut self, scope: ScopeId) -> Read<Operand> {
        let Some(mut parts) = self.chain() else { return Ok(Operand::None) };
        if self.at_mark(".") && self.peek_after(1).is_some_and(|next| next.is_mark("*")) {
            parts.push((self.at + 1, "*".into()));
            self.at += 2;
            self.mention_star(scope, parts);
            return Ok(Operand::Other);
        }
        if self.at_mark("(") {
            let Some((token, name)) = parts.pop() else { return Err(UNKNOWN) };
            self.mention_called_type(token, name.clone());
            self.call(scope, &name)?;
            return Ok(Operand::Call);
        }
        let typed = self.dialect == Dialect::Postgres && self.peek().is_some_and(|next| next.kind == TokenKind::Text);
        if typed {
            self.mention_type(&parts);
            self.at += 1;
            while self.take_any(&["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "TO"]) {}
            return Ok(Operand::Other);
        }
        Ok(Operand::Column(self.mention_column(scope, parts)))
    }

    /// Names with dots between them, as far as they go.
    pub fn chain(&mut self) -> Option<Vec<(usize, EcoString)>> {
        let first = name_or_string(&self.peek()?, self.dialect)?;
        let mut parts = vec![(self.at, first)];
        self.at += 1;
        while self.at_mark(".") {
            let Some(name) = self.peek_after(1).and_then(|token| name_or_string(&token, self.dialect)) else { break };
            parts.push((self.at + 1, name));
            self.at += 2;
        }
        Some(parts)
    }

    /// What stands in parentheses: a query, or expressions.
    fn parenthesis(&mut self, scope: ScopeId) -> Read<()> {
        self.expect_mark("(")?;
        if self.at_query() {
            self.nested(|reader| reader.query(Some(scope), false))?;
        } else {
            self.list(scope)?;
        }
        self.expect_mark(")")
    }

    /// Expressions with commas between them.
    pub fn list(&mut self, scope: ScopeId) -> Read<()> {
        loop {
            self.expression(scope)?;
            if !self.take_mark(",") {
                return Ok(());
            }
        }
    }

    /// The arguments of a function, and what may follow them.
    pub fn call(&mut self, scope: ScopeId, name: &str) -> Read<()> {
        self.expect_mark("(")?;
        if self.at_mark("*") && self.peek_after(1).is_some_and(|next| next.is_mark(")")) {
            self.at += 1;
        } else if self.at_query() {
            self.nested(|reader| reader.query(Some(scope), false))?;
        } else {
            self.arguments(scope, name)?;
        }
        self.expect_mark(")")?;
        if self.at_words(&["WITHIN", "GROUP"]) {
            self.at += 2;
            self.expect_mark("(")?;
            self.ordering(scope)?;
            self.expect_mark(")")?;
        }
        if self.at_word("FILTER") && self.peek_after(1).is_some_and(|next| next.is_mark("(")) {
            self.at += 2;
            self.expect_word("WHERE")?;
            self.expression(scope)?;
            self.expect_mark(")")?;
        }
        if self.take_word("OVER") {
            if self.at_mark("(") {
                self.window(scope)?;
            } else {
                self.chain().ok_or(UNKNOWN)?;
            }
        }
        Ok(())
    }

    fn arguments(&mut self, scope: ScopeId, name: &str) -> Read<()> {
        const SEPARATORS: [&str; 5] = ["FROM", "FOR", "PLACING", "USING", "IN"];
        if name.eq_ignore_ascii_case("raise") && self.dialect == Dialect::Sqlite {
            if !self.take_any(&["IGNORE", "ROLLBACK", "ABORT", "FAIL"]) {
                return Err(UNKNOWN);
            }
            self.take_mark(",");
        } else if name == "extract" && self.dialect == Dialect::Postgres {
            self.at += 1;
            self.expect_word("FROM")?;
        }
        self.take_any(&["DISTINCT", "ALL", "VARIADIC", "BOTH", "LEADING", "TRAILING"]);
        self.take_word("FROM");
        loop {
            self.skip_argument_name();
            self.expression(scope)?;
            let special = self.dialect == Dialect::Postgres && self.take_any(&SEPARATORS);
            if !special && !self.take_mark(",") {
                break;
            }
        }
        if self.at_words(&["ORDER", "BY"]) {
            self.ordering(scope)?;
        }
        Ok(())
    }

    /// The `name =>` in front of an argument.
    fn skip_argument_name(&mut self) {
        let marks = (self.peek_after(1), self.peek_after(2));
        if let (Some(first), Some(second)) = marks
            && self.dialect == Dialect::Postgres
            && first.range().end == second.start
            && ((first.is_mark("=") && second.is_mark(">")) || (first.is_mark(":") && second.is_mark("=")))
        {
            self.at += 3;
        }
    }

    /// `(PARTITION BY … ORDER BY … frame)`.
    pub fn window(&mut self, scope: ScopeId) -> Read<()> {
        self.expect_mark("(")?;
        let named = !["PARTITION", "ORDER", "ROWS", "RANGE", "GROUPS"].iter().any(|word| self.at_word(word));
        if named && !self.at_mark(")") {
            self.chain().ok_or(UNKNOWN)?;
        }
        if self.take_words(&["PARTITION", "BY"]) {
            self.list(scope)?;
        }
        if self.at_words(&["ORDER", "BY"]) {
            self.ordering(scope)?;
        }
        // A frame is made of keywords and constants.
        if self.take_any(&["ROWS", "RANGE", "GROUPS"]) {
            while self.peek().is_some_and(|token| !token.is_mark(")") && !token.is_mark("(")) {
                self.at += 1;
            }
        }
        self.expect_mark(")")
    }

    /// `ORDER BY` with its terms.
    pub fn ordering(&mut self, scope: ScopeId) -> Read<()> {
        if !self.take_words(&["ORDER", "BY"]) {
            return Err(UNKNOWN);
        }
        loop {
            if let Shape::Column(mention) = self.expression(scope)? {
                self.is_term(mention);
            }
            self.take_any(&["ASC", "DESC"]);
            if self.take_word("NULLS") && !self.take_any(&["FIRST", "LAST"]) {
                return Err(UNKNOWN);
            }
            if !self.take_mark(",") {
                return Ok(());
            }
        }
    }

    fn after_operand(&mut self, scope: ScopeId, cases: &mut usize) -> Read<Next> {
        let Some(token) = self.peek() else { return Ok(Next::End) };
        match token.kind {
            TokenKind::Mark => self.mark_after_operand(scope, token),
            TokenKind::Word => self.word_after_operand(scope, token, cases),
            TokenKind::QuotedName | TokenKind::Text | TokenKind::Number => Ok(Next::End),
            TokenKind::Unclosed => Err(UNKNOWN),
        }
    }

    fn mark_after_operand(&mut self, scope: ScopeId, token: Token<'_>) -> Read<Next> {
        match token.text {
            "(" | ")" | "," | ";" | "]" => Ok(Next::End),
            "." => {
                // A part of a composite value; whose, only the server knows.
                let name = self.name_at(self.at + 1).ok_or(UNKNOWN)?;
                self.mention_anything(scope, self.at + 1, name);
                self.at += 2;
                Ok(Next::Suffix)
            }
            "::" => {
                self.at += 1;
                self.type_name()?;
                Ok(Next::Suffix)
            }
            "[" => {
                self.subscript(scope)?;
                Ok(Next::Suffix)
            }
            _ => {
                self.at += 1;
                Ok(Next::Operator)
            }
        }
    }

    fn word_after_operand(&mut self, scope: ScopeId, token: Token<'_>, cases: &mut usize) -> Read<Next> {
        const OPERATORS: [&str; 10] =
            ["AND", "OR", "LIKE", "ILIKE", "GLOB", "MATCH", "REGEXP", "BETWEEN", "ESCAPE", "OVERLAPS"];
        if self.take_any(&OPERATORS) || self.take_words(&["SIMILAR", "TO"]) {
            return Ok(Next::Operator);
        }
        if self.take_any(&["ISNULL", "NOTNULL"]) || self.take_words(&["NOT", "NULL"]) {
            return Ok(Next::Suffix);
        }
        if token.is_word("NOT") {
            const NEGATED: [&str; 7] = ["IN", "LIKE", "ILIKE", "GLOB", "MATCH", "REGEXP", "BETWEEN"];
            let next = self.peek_after(1);
            let negated =
                next.is_some_and(|next| NEGATED.iter().any(|word| next.is_word(word)) || next.is_word("SIMILAR"));
            self.at += usize::from(negated);
            return Ok(if negated { Next::Suffix } else { Next::End });
        }
        if self.take_word("IN") {
            return self.after_in(scope);
        }
        if self.take_word("IS") {
            self.take_word("NOT");
            if self.take_words(&["DISTINCT", "FROM"]) {
                return Ok(Next::Operator);
            }
            let state = self.dialect == Dialect::Postgres && self.take_any(&["UNKNOWN", "DOCUMENT", "NORMALIZED"]);
            return Ok(if state { Next::Suffix } else { Next::Operator });
        }
        if self.take_word("COLLATE") {
            self.chain().ok_or(UNKNOWN)?;
            return Ok(Next::Suffix);
        }
        if self.take_words(&["AT", "TIME", "ZONE"]) {
            return Ok(Next::Operator);
        }
        if *cases > 0 {
            if self.take_any(&["WHEN", "THEN", "ELSE"]) {
                return Ok(Next::Operator);
            }
            if self.take_word("END") {
                *cases -= 1;
                return Ok(Next::Suffix);
            }
        }
        Ok(Next::End)
    }

    /// What stands behind `IN`; in SQLite it can be a table.
    fn after_in(&mut self, scope: ScopeId) -> Read<Next> {
        if self.at_mark("(") {
            return Ok(Next::Operator);
        }
        let parts = self.chain().ok_or(UNKNOWN)?;
        let [(token, name)] = parts.as_slice() else { return Err(UNKNOWN) };
        if self.find_query(scope, name).is_none()
            && let Some(relation) = self.relation_named(name)
        {
            self.mention_relation(*token, &relation);
            self.mention_all_of(*token, &relation);
        }
        if self.at_mark("(") {
            return Err(UNKNOWN);
        }
        Ok(Next::Suffix)
    }

    /// `[…]` behind a value or `ARRAY`.
    fn subscript(&mut self, scope: ScopeId) -> Read<()> {
        self.expect_mark("[")?;
        loop {
            if self.at_mark("[") {
                self.nested(|reader| reader.subscript(scope))?;
            } else {
                self.expression(scope)?;
            }
            if !self.take_mark(",") {
                return self.expect_mark("]");
            }
        }
    }

    /// Whether a query begins here.
    pub fn at_query(&self) -> bool {
        let rows = self.at_word("VALUES") && self.peek_after(1).is_some_and(|next| next.is_mark("("));
        rows || self.at_word("SELECT") || self.at_word("WITH")
    }
}
