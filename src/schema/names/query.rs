//! Queries: their sources, the scopes that these make, and the names of the columns that they give.

use ecow::{EcoString, eco_format};

use super::Obstacle;
use super::expression::Shape;
use super::resolve::{Columns, Item, Read, Reader, ScopeId, Source, SourceKind};
use super::words::{is_following, name_or_string, same};
use crate::schema::Dialect;
use crate::schema::tokens::TokenKind;

const UNKNOWN: Obstacle = Obstacle("its grammar is not known");

impl Reader<'_> {
    /// Reads a query and gives its columns. `named` says whether anything can see their names.
    pub fn query(&mut self, parent: Option<ScopeId>, named: bool) -> Read<Columns> {
        let scope = self.scope(parent);
        self.common_table_expressions(scope)?;
        let (columns, first) = self.arm(scope, named)?;
        let mut last = first;
        while self.take_any(&["UNION", "INTERSECT", "EXCEPT"]) {
            self.take_any(&["ALL", "DISTINCT"]);
            self.arm(scope, false)?;
            last = scope;
        }
        self.tail(last, (last != first).then_some(&columns))?;
        Ok(columns)
    }

    fn common_table_expressions(&mut self, scope: ScopeId) -> Read<()> {
        if !self.take_word("WITH") {
            return Ok(());
        }
        let recursive = self.take_word("RECURSIVE");
        // Each of them can name the others and itself, unless Postgres is not told so.
        if recursive || self.dialect == Dialect::Sqlite {
            let start = self.at;
            while let Some(name) = self.common_table_name()? {
                self.add_query(scope, &name, Columns::Unknown);
                self.skip_parenthesis()?;
                if !self.take_mark(",") {
                    break;
                }
            }
            self.at = start;
        }
        loop {
            let start = self.at;
            let Some(name) = self.common_table_name()? else { return Err(UNKNOWN) };
            let end = self.at;
            self.at = start + 1;
            let listed = if self.at_mark("(") { Some(self.name_list()?) } else { None };
            self.at = end;
            if let (Some(listed), true) = (&listed, recursive || self.dialect == Dialect::Sqlite) {
                self.add_query(scope, &name, Columns::Known(listed.clone()));
            }
            self.expect_mark("(")?;
            let columns = self.nested(|reader| reader.query(Some(scope), listed.is_none()))?;
            self.expect_mark(")")?;
            self.add_query(scope, &name, listed.map_or(columns, Columns::Known));
            if !self.take_mark(",") {
                return Ok(());
            }
        }
    }

    /// `name (columns) AS MATERIALIZED`, up to the parenthesis of the query.
    fn common_table_name(&mut self) -> Read<Option<EcoString>> {
        let Some(name) = self.peek().and_then(|token| name_or_string(&token, self.dialect)) else { return Ok(None) };
        self.at += 1;
        if self.at_mark("(") {
            self.skip_parenthesis()?;
        }
        self.expect_word("AS")?;
        self.take_word("NOT");
        self.take_word("MATERIALIZED");
        Ok(Some(name))
    }

    /// Names in parentheses.
    pub fn name_list(&mut self) -> Read<Vec<EcoString>> {
        Ok(self.name_tokens()?.into_iter().map(|(_, name)| name).collect())
    }

    /// The same with their tokens.
    pub fn name_tokens(&mut self) -> Read<Vec<(usize, EcoString)>> {
        self.expect_mark("(")?;
        let mut names = Vec::new();
        loop {
            let name = self.peek().and_then(|token| name_or_string(&token, self.dialect)).ok_or(UNKNOWN)?;
            names.push((self.at, name));
            self.at += 1;
            if !self.take_mark(",") {
                self.expect_mark(")")?;
                return Ok(names);
            }
        }
    }

    /// One of the queries that a set operation puts together; gives its columns and its scope.
    fn arm(&mut self, parent: ScopeId, named: bool) -> Read<(Columns, ScopeId)> {
        if self.take_word("VALUES") {
            let mut width = 0_usize;
            loop {
                let start = self.at;
                self.expect_mark("(")?;
                self.list(parent)?;
                self.expect_mark(")")?;
                width = width.max(self.commas_outside(start));
                if !self.take_mark(",") {
                    break;
                }
            }
            let columns = (1..=width + 1).map(|number| eco_format!("column{number}")).collect();
            return Ok((Columns::Known(columns), parent));
        }
        if self.dialect == Dialect::Postgres && self.take_mark("(") {
            let columns = self.nested(|reader| reader.query(Some(parent), named))?;
            self.expect_mark(")")?;
            return Ok((columns, parent));
        }
        self.expect_word("SELECT")?;
        self.select(parent, named)
    }

    /// The commas of a list in parentheses, from its start to here.
    fn commas_outside(&self, start: usize) -> usize {
        let mut depth = 0_usize;
        let mut commas = 0;
        for token in &self.tokens[start..self.at] {
            match token.text {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                "," if depth == 1 => commas += 1,
                _ => {}
            }
        }
        commas
    }

    fn select(&mut self, parent: ScopeId, named: bool) -> Read<(Columns, ScopeId)> {
        let scope = self.scope(Some(parent));
        if self.take_word("DISTINCT") {
            if self.dialect == Dialect::Postgres && self.take_word("ON") {
                self.expect_mark("(")?;
                self.list(scope)?;
                self.expect_mark(")")?;
            }
        } else {
            self.take_word("ALL");
        }
        let mut items = Vec::new();
        let mut ranges = Vec::new();
        loop {
            let start = self.at;
            let item = self.item(scope, named)?;
            ranges.push((!matches!(item, Item::All(_))).then_some(start..self.at));
            items.push(item);
            if !self.take_mark(",") {
                break;
            }
        }
        if self.is_outermost(parent) {
            self.arms.push(ranges);
        }
        if self.take_word("FROM") {
            self.sources(scope)?;
        }
        if self.take_word("WHERE") {
            self.expression(scope)?;
        }
        if self.take_words(&["GROUP", "BY"]) {
            self.list(scope)?;
        }
        if self.take_word("HAVING") {
            self.expression(scope)?;
        }
        if self.take_word("WINDOW") {
            loop {
                self.chain().ok_or(UNKNOWN)?;
                self.expect_word("AS")?;
                self.window(scope)?;
                if !self.take_mark(",") {
                    break;
                }
            }
        }
        Ok((self.output(scope, &items), scope))
    }

    fn item(&mut self, scope: ScopeId, named: bool) -> Read<Item> {
        if self.at_mark("*") {
            self.mention_star(scope, vec![(self.at, "*".into())]);
            self.at += 1;
            return Ok(Item::All(None));
        }
        let first = self.at;
        let before = self.mentioned();
        let shape = self.expression(scope)?;
        if self.at == first {
            // Postgres knows queries without items.
            return Err(UNKNOWN);
        }
        let tokens = &self.tokens[first..self.at];
        if let [source, .., dot, star] = tokens
            && star.is_mark("*")
            && dot.is_mark(".")
        {
            let qualifier = match tokens {
                [_, _, _] => name_or_string(source, self.dialect),
                _ => return Err(UNKNOWN),
            };
            return Ok(Item::All(qualifier));
        }
        let end = self.at;
        if let Some(name) = self.alias()? {
            self.add_alias(scope, name.clone());
            if let Shape::Column(mention) = shape
                && self.tokens[end].is_word("AS")
            {
                self.is_item_named(mention, &name);
            }
            return Ok(Item::Named(name));
        }
        Ok(match shape {
            Shape::Column(mention) => self.is_item(mention, named),
            Shape::Call if self.dialect == Dialect::Postgres => Item::Unnamed,
            Shape::Call | Shape::Other => {
                if named {
                    self.may_name_item(before);
                }
                Item::Unnamed
            }
        })
    }

    /// `AS name`, or a name alone.
    fn alias(&mut self) -> Read<Option<EcoString>> {
        let told = self.take_word("AS");
        let Some(token) = self.peek() else { return if told { Err(UNKNOWN) } else { Ok(None) } };
        let following = is_following(&token);
        match name_or_string(&token, self.dialect) {
            Some(name) if told || !following => {
                self.at += 1;
                Ok(Some(name))
            }
            _ if told => Err(UNKNOWN),
            _ => Ok(None),
        }
    }

    /// The sources behind `FROM`, with their joins.
    pub fn sources(&mut self, scope: ScopeId) -> Read<()> {
        self.source(scope)?;
        loop {
            if !self.take_mark(",") {
                let natural = self.take_word("NATURAL");
                let joined = self.take_any(&["LEFT", "RIGHT", "FULL", "INNER", "CROSS"]);
                self.take_word("OUTER");
                if !self.take_word("JOIN") {
                    return if natural || joined { Err(UNKNOWN) } else { Ok(()) };
                }
                if natural {
                    self.join_by_name(scope);
                    self.mention_star(scope, vec![(self.at - 1, "*".into())]);
                }
            }
            self.source(scope)?;
            if self.take_word("ON") {
                self.expression(scope)?;
            } else if self.take_word("USING") {
                self.join_by_name(scope);
                for (token, name) in self.name_tokens()? {
                    self.mention_joined(scope, token, name);
                }
                if self.at_word("AS") {
                    return Err(UNKNOWN);
                }
            }
        }
    }

    fn source(&mut self, scope: ScopeId) -> Read<()> {
        let lateral = self.take_word("LATERAL");
        if self.take_mark("(") {
            if !self.at_query() {
                self.nested(|reader| reader.sources(scope))?;
                self.expect_mark(")")?;
                return if self.source_alias()?.is_some() { Err(UNKNOWN) } else { Ok(()) };
            }
            let around = if lateral { Some(scope) } else { self.parent(scope) };
            let columns = self.nested(|reader| reader.query(around, true))?;
            self.expect_mark(")")?;
            let (binding, listed) = self.source_alias()?.unwrap_or_default();
            let columns = if listed.is_empty() { columns } else { Columns::Known(listed) };
            self.add_source(scope, Source { binding, relation: None, columns, kind: SourceKind::Aliased });
            return Ok(());
        }
        self.take_word("ONLY");
        let parts = self.chain().ok_or(UNKNOWN)?;
        if self.at_mark("(") {
            return self.function_source(scope, parts);
        }
        let (token, name, own) = match parts.as_slice() {
            [(token, name)] => (*token, name.clone(), true),
            [(_, schema), (token, name)] => (*token, name.clone(), self.is_home(schema)),
            _ => return Err(UNKNOWN),
        };
        let query = if parts.len() == 1 { self.find_query(scope, &name) } else { None };
        let alias = self.source_alias()?;
        let renamed = alias.as_ref().is_some_and(|(_, columns)| !columns.is_empty());
        if !self.take_words(&["NOT", "INDEXED"]) && self.take_words(&["INDEXED", "BY"]) {
            self.chain().ok_or(UNKNOWN)?;
        }
        if self.at_word("TABLESAMPLE") || (renamed && query.is_none()) {
            return Err(UNKNOWN);
        }
        if let Some(columns) = query {
            let (binding, listed) = alias.unwrap_or((name, Vec::new()));
            let columns = if listed.is_empty() { columns } else { Columns::Known(listed) };
            self.add_source(scope, Source { binding, relation: None, columns, kind: SourceKind::Aliased });
            return Ok(());
        }
        // What is in another schema is none of this one's tables, whatever it is called.
        let relation = self.relation_named(&name).filter(|_| own);
        let kind = if alias.is_some() { SourceKind::Aliased } else { SourceKind::Plain };
        if let Some(relation) = &relation {
            self.mention_relation(token, relation);
        }
        let columns = relation.as_ref().map_or(Columns::Unknown, |relation| self.columns_of(relation));
        let binding = alias.map_or(name, |(alias, _)| alias);
        self.add_source(scope, Source { binding, relation, columns, kind });
        Ok(())
    }

    /// A function that gives rows.
    fn function_source(&mut self, scope: ScopeId, mut parts: Vec<(usize, EcoString)>) -> Read<()> {
        let name = parts.pop().map(|(_, name)| name).unwrap_or_default();
        self.call(scope, &name)?;
        let _numbered = self.take_words(&["WITH", "ORDINALITY"]);
        let (binding, _) = self.source_alias()?.unwrap_or((name, Vec::new()));
        let (columns, kind) = (Columns::Unknown, SourceKind::Aliased);
        self.add_source(scope, Source { binding, relation: None, columns, kind });
        Ok(())
    }

    /// Another name for a source, perhaps with others for its columns.
    fn source_alias(&mut self) -> Read<Option<(EcoString, Vec<EcoString>)>> {
        let Some(name) = self.alias()? else { return Ok(None) };
        let columns = if self.at_mark("(") { self.name_list()? } else { Vec::new() };
        Ok(Some((name, columns)))
    }

    /// The order and the limits behind a query. `columns` are those of several queries put together.
    fn tail(&mut self, scope: ScopeId, columns: Option<&Columns>) -> Read<()> {
        if self.at_words(&["ORDER", "BY"]) {
            match columns {
                None => self.ordering(scope)?,
                Some(columns) => self.ordering_of_columns(columns)?,
            }
        }
        if self.take_word("LIMIT") {
            self.take_word("ALL");
            self.expression(scope)?;
            if self.take_mark(",") {
                self.expression(scope)?;
            }
        }
        if self.take_word("OFFSET") {
            self.expression(scope)?;
            self.take_any(&["ROW", "ROWS"]);
        }
        if self.take_word("FETCH") {
            self.take_any(&["FIRST", "NEXT"]);
            while self.peek().is_some_and(|token| token.kind == TokenKind::Number) {
                self.at += 1;
            }
            self.take_any(&["ROW", "ROWS"]);
            if !self.take_word("ONLY") && !self.take_words(&["WITH", "TIES"]) {
                return Err(UNKNOWN);
            }
        }
        Ok(())
    }

    /// `ORDER BY` behind a set operation, where only the columns of the first query have names.
    fn ordering_of_columns(&mut self, columns: &Columns) -> Read<()> {
        let Columns::Known(columns) = columns else {
            return Err(Obstacle("the columns that it sorts by cannot be told"));
        };
        self.expect_word("ORDER")?;
        self.expect_word("BY")?;
        loop {
            let Some(token) = self.peek() else { return Err(UNKNOWN) };
            let known = match name_or_string(&token, self.dialect) {
                Some(name) => columns.iter().any(|column| same(column, &name, self.dialect)),
                None => token.kind == TokenKind::Number,
            };
            if !known {
                return Err(Obstacle("the columns that it sorts by cannot be told"));
            }
            self.at += 1;
            self.take_any(&["ASC", "DESC"]);
            if self.take_word("NULLS") && !self.take_any(&["FIRST", "LAST"]) {
                return Err(UNKNOWN);
            }
            if !self.take_mark(",") {
                return Ok(());
            }
        }
    }
}
