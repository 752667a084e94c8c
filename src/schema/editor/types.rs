//! Domains and composite types: create, alter, drop.

use std::collections::BTreeSet;
use std::sync::Arc;

use ecow::EcoString;

use super::Editor;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::schema::names::Dependence;
use crate::schema::{
    Change, ColumnType, CompositeType, Dialect, Domain, DomainCheck, GrantTargetKind, Literal, Nullability, ObjectKind,
    SchemaObject, SchemaObjectKind,
};
use crate::source::{Located, Name, Origin};

/// What one operation changes of a domain. `None` leaves a facet as it is.
#[derive(Debug, Clone, Default)]
pub struct DomainFacets {
    pub default: Option<Located<Option<Literal>>>,
    pub nullability: Option<Located<Nullability>>,
    pub dropped_checks: Vec<Name>,
    pub added_checks: Vec<(Name, EcoString)>,
}

impl Editor<'_> {
    /// The domain of this name.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn domain(&self, name: &Name) -> Result<&Domain> {
        let names = || self.schema.domains().map(|domain| domain.name.as_str());
        self.schema.domain(name).ok_or_else(|| self.missing(Code::UnknownObject, "domain", name, names()))
    }

    /// The composite type of this name.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn composite_type(&self, name: &Name) -> Result<&CompositeType> {
        let composite = |object: &'_ Arc<SchemaObject>| match &**object {
            SchemaObject::Composite(composite) => Some(composite.name.clone()),
            _ => None,
        };
        match self.schema.object(&SchemaObjectKind::Composite.key(name)).map(|object| &**object) {
            Some(SchemaObject::Composite(composite)) => Ok(composite),
            _ => {
                let names: Vec<EcoString> = self.schema.objects().filter_map(composite).collect();
                Err(self.missing(Code::UnknownObject, "composite type", name, names.iter().map(EcoString::as_str)))
            }
        }
    }

    /// Creates a domain.
    ///
    /// # Errors
    ///
    /// The name is taken, or the default is no value of the base.
    pub fn create_domain(&mut self, domain: Domain, name: &Name, checks: &[(Name, EcoString)]) -> Result<()> {
        self.check_free(name)?;
        let mut domain = domain;
        self.add_domain_checks(&mut domain, checks)?;
        self.check_domain_default(&domain, name.origin)?;
        self.create_object(Located::new(SchemaObject::Domain(domain), name.origin))
    }

    /// Changes the rules of a domain.
    ///
    /// # Errors
    ///
    /// There is none, nothing changes, a check is missing or is there already, or Postgres cannot look at all values.
    pub fn alter_domain(&mut self, name: &Name, facets: DomainFacets) -> Result<()> {
        let before = self.domain(name)?.clone();
        let mut after = before.clone();
        for dropped in &facets.dropped_checks {
            let Some(place) = after.checks.iter().position(|check| check.name == dropped.value) else {
                let names = after.checks.iter().map(|check| check.name.as_str());
                let message = format!("domain `{name}` has no check `{dropped}`");
                let diagnostic = Diagnostic::new(Code::UnknownObject, message).at(dropped.origin, "no such check");
                return Err(Box::new(diagnostic.did_you_mean(dropped, names)));
            };
            after.checks.remove(place);
        }
        self.add_domain_checks(&mut after, &facets.added_checks)?;
        if let Some(nullability) = facets.nullability {
            after.nullability = nullability.value;
        }
        if let Some(Located { value, origin }) = facets.default {
            after.default = value;
            self.check_domain_default(&after, origin)?;
        }
        if before == after {
            return Err(Box::new(
                Diagnostic::new(Code::NothingToDo, format!("domain `{name}` is so already"))
                    .at(name.origin, "nothing to change")
                    .help("leave the operation out, or say what to alter, for example `.set_not_null()`"),
            ));
        }
        let stricter = !facets.added_checks.is_empty()
            || (before.nullability != after.nullability && after.nullability == Nullability::NotNull);
        if stricter {
            self.check_domain_stands_alone(name)?;
        }
        let from = Arc::new(SchemaObject::Domain(before));
        let to = Arc::new(SchemaObject::Domain(after));
        self.record(Change::ReplaceObject { from, to: to.clone() }, |schema| schema.put_object(to));
        Ok(())
    }

    /// Postgres adds no rule to a domain that is inside of arrays or composite values: it cannot look at them.
    fn check_domain_stands_alone(&self, name: &Name) -> Result<()> {
        let inside = |column_type: &ColumnType| match column_type {
            ColumnType::Array(element) => element.names().any(|used| *used == name.value),
            _ => false,
        };
        let mut columns = self.schema.columns_of_type(name).filter(|(_, column)| inside(&column.column_type));
        let column = columns.next().map(|(table, column)| format!("the arrays of `{}.{}`", table.name, column.name));
        let object = || {
            let mut objects = self.schema.objects_of_type(name);
            objects.find(|object| object.kind() == SchemaObjectKind::Composite).map(|object| object.title())
        };
        let Some(user) = column.or_else(object) else { return Ok(()) };
        Err(Box::new(
            Diagnostic::new(Code::InUse, format!("domain `{name}` is used by {user}"))
                .at(name.origin, "Postgres cannot look for values that break a new rule there")
                .help("give that another type before the change, and this one again after it"),
        ))
    }

    fn add_domain_checks(&self, domain: &mut Domain, checks: &[(Name, EcoString)]) -> Result<()> {
        for (name, expression) in checks {
            self.check_name(name)?;
            if domain.checks.iter().any(|check| check.name == name.value) {
                return Err(Box::new(
                    Diagnostic::new(
                        Code::AlreadyExists,
                        format!("domain `{}` has a check `{name}` already", domain.name),
                    )
                    .at(name.origin, "this name is taken")
                    .help("choose another name, or drop that check"),
                ));
            }
            domain.checks.push(DomainCheck { name: name.value.clone(), expression: expression.clone() });
        }
        Ok(())
    }

    fn check_domain_default(&self, domain: &Domain, origin: Origin) -> Result<()> {
        match &domain.default {
            Some(default) => self.check_enum_value(&domain.base, default, origin),
            None => Ok(()),
        }
    }

    /// Drops a domain.
    ///
    /// # Errors
    ///
    /// There is none, or something uses it.
    pub fn drop_domain(&mut self, name: &Name) -> Result<()> {
        self.domain(name)?;
        self.drop_type(ObjectKind::Domain, SchemaObjectKind::Domain, name)
    }

    /// Creates a composite type.
    ///
    /// # Errors
    ///
    /// The name is taken, there is no attribute, or two have one name.
    pub fn create_composite_type(&mut self, composite: CompositeType, name: &Name) -> Result<()> {
        self.check_free(name)?;
        let mut seen = BTreeSet::new();
        if let Some(twin) = composite.attributes.iter().find(|attribute| !seen.insert(&attribute.name)) {
            return Err(Box::new(
                Diagnostic::new(Code::AlreadyExists, format!("attribute `{}` stands twice", twin.name))
                    .at(name.origin, "in this composite type")
                    .help("write it once"),
            ));
        }
        if composite.attributes.is_empty() {
            return Err(Box::new(
                Diagnostic::new(Code::NothingToDo, format!("composite type `{name}` has no attribute"))
                    .at(name.origin, "needs an attribute")
                    .help("add one: `.attribute(\"street\", text())`"),
            ));
        }
        self.create_object(Located::new(SchemaObject::Composite(composite), name.origin))
    }

    /// Drops a composite type.
    ///
    /// # Errors
    ///
    /// There is none, or something uses it.
    pub fn drop_composite_type(&mut self, name: &Name) -> Result<()> {
        self.composite_type(name)?;
        self.drop_type(ObjectKind::Composite, SchemaObjectKind::Composite, name)
    }

    fn drop_type(&mut self, kind: ObjectKind, object_kind: SchemaObjectKind, name: &Name) -> Result<()> {
        self.check_type_unused(kind, name)?;
        self.drop_privileges_on(GrantTargetKind::Type, name);
        self.drop_object(object_kind, name, &format!("{} `{name}`", kind.title()), name.origin)
    }

    /// Refuses to drop a type of the schema that something is of, or whose text names it.
    pub(super) fn check_type_unused(&self, kind: ObjectKind, name: &Name) -> Result<()> {
        let title = kind.title();
        let in_use = |by: String, help: &str| {
            let message = format!("{title} `{name}` is {by}");
            Err(Box::new(Diagnostic::new(Code::InUse, message).at(name.origin, "still in use").help(help)))
        };
        if let Some((table, column)) = self.schema.columns_of_type(name).next() {
            let by = format!("the type of `{}.{}`", table.name, column.name);
            return in_use(by, "give the column another type first: `.set_type(text())`");
        }
        if let Some(object) = self.schema.objects_of_type(name).next() {
            let by = format!("used by {}", object.title());
            return in_use(by, &format!("drop {} first", object.title()));
        }
        if let Some(object) = self.schema.objects().find(|object| object.mentions(&[name])) {
            let by = format!("used by {}", object.title());
            let help = format!("drop {} before the change and create it again after it", object.title());
            return in_use(by, &help);
        }
        if self.dialect == Dialect::Postgres {
            self.check_unused(name.origin, format_args!("{title} `{name}`"), || {
                let references = self.schema.references_to_enumeration(name, self.dialect);
                references.into_iter().map(Dependence::from).collect()
            })?;
        }
        Ok(())
    }
}
