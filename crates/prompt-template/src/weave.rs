//! Weaves guards into a compiled template.
//!
//! At the start of each body stands one call of a helper of ours, which writes nothing: it pays for
//! one turn of the body and sees the values of all paths that the body uses itself. So a loop, a
//! fan-out of partials or a missing value is noticed where it happens, and what handlebars renders
//! stays untouched. The bodies of partials are wrapped once more, to count how deep they nest and
//! what they write into the buffers of handlebars.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use handlebars::Template;
use handlebars::template::{DecoratorTemplate, HelperTemplate, Parameter, TemplateElement};
use serde_json::Value;

use crate::helpers::{self, Does, Known};
use crate::syntax::{Arg, Body, Call, Item, Parsed, Path};

/// The helper that stands at the start of each body. No source can name it: NUL is refused.
pub(crate) const GUARD: &str = "\0guard";
/// The block around the body of a partial.
pub(crate) const SHEATH: &str = "\0sheath";
/// `lookup` where its value is printed.
pub(crate) const PRINTED_LOOKUP: &str = "\0lookup";
/// All helpers of ours; the first parameter is the site, which knows which one is meant.
pub(crate) const OURS: &str = "\0ours";
/// The named parameter that tells `lookup` its site.
pub(crate) const SITE: &str = "\0site";

/// A place in a source that reports something while it is rendered.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) unit: usize,
    pub(crate) range: Range<usize>,
    /// Steps that one turn costs, apart from the values.
    pub(crate) cost: u64,
    /// Blocks that may nest inside, for the body of a partial.
    pub(crate) depth: usize,
    pub(crate) uses: Vec<Use>,
    pub(crate) called: Option<Called>,
    /// The body of a partial asks for the block that it is given.
    pub(crate) asks_for_block: bool,
}

/// A call of one of our helpers.
#[derive(Debug)]
pub(crate) struct Called {
    pub(crate) known: &'static Known,
    pub(crate) stands: Stands,
}

/// What becomes of the value of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stands {
    Printed,
    /// It opens a block or is a parameter.
    Passed,
    /// It is a parameter that may be missing.
    Optional,
}

/// A path that a body uses, with what it is used for.
#[derive(Debug)]
pub(crate) struct Use {
    pub(crate) raw: String,
    pub(crate) range: Range<usize>,
    pub(crate) role: Role,
}

/// What becomes of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Role {
    Printed,
    Looped,
    Compared,
    Passed,
    /// It may be missing.
    Optional,
}

/// The two readings of a source are not the same, at this place.
#[derive(Debug)]
pub(crate) struct Disagreement(pub(crate) Range<usize>);

type Weave<T> = Result<T, Disagreement>;

/// Whether bodies are guarded. Calls of our helpers know their sites in either case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guards {
    Everywhere,
    Nowhere,
}

/// Weaves a whole source. All but the first unit are partials.
pub(crate) fn weave(
    template: Template,
    parsed: &Parsed,
    unit: usize,
    guards: Guards,
    sites: &mut Vec<Site>,
) -> Weave<Template> {
    let mut loom = Loom { unit, depth: parsed.depth, guards, sites };
    let mut template = template;
    let site = loom.partial_body(&mut template, &parsed.body)?;
    Ok(if unit > 0 { loom.sheathed(template, site, None) } else { template })
}

/// Elements to clone, as the types of handlebars cannot be built from outside.
struct Models {
    call: HelperTemplate,
    block: HelperTemplate,
}

static MODELS: LazyLock<Models> = LazyLock::new(|| {
    let model = |source: &str| match Template::compile(source).map(|mut it| it.elements.pop()) {
        Ok(Some(TemplateElement::Expression(call) | TemplateElement::HelperBlock(call))) => *call,
        other => unreachable!("a template of one element compiles: {other:?}"),
    };
    Models { call: model("{{a 0}}"), block: model("{{#a 0}}a{{/a}}") }
});

/// The paths of one body, each once for each role.
#[derive(Default)]
struct Uses {
    known: HashSet<(String, Role)>,
    all: Vec<Use>,
    params: Vec<Parameter>,
}

impl Uses {
    fn add(&mut self, raw: &str, range: &Range<usize>, role: Role, param: &Parameter) {
        if self.known.insert((raw.to_owned(), role)) {
            self.all.push(Use { raw: raw.to_owned(), range: range.clone(), role });
            self.params.push(param.clone());
        }
    }
}

struct Loom<'s> {
    unit: usize,
    depth: usize,
    guards: Guards,
    sites: &'s mut Vec<Site>,
}

impl Loom<'_> {
    fn site(&mut self, range: Range<usize>, cost: u64, uses: Vec<Use>) -> Parameter {
        let Self { unit, depth, .. } = *self;
        self.sites.push(Site { unit, range, cost, depth, uses, called: None, asks_for_block: false });
        Parameter::Literal(Value::from(self.sites.len() - 1))
    }

    /// The site of a call of one of our helpers.
    fn called(&mut self, call: &Call, known: &'static Known, stands: Stands) -> Parameter {
        let site = self.site(call.range.clone(), 1, Vec::new());
        if let Some(last) = self.sites.last_mut() {
            last.called = Some(Called { known, stands });
        }
        site
    }

    /// The body of a partial, or one that may be: its site knows whether it asks for a block.
    fn partial_body(&mut self, template: &mut Template, body: &Body) -> Weave<Parameter> {
        let site = self.body(template, body)?;
        if let Some(last) = self.sites.last_mut() {
            last.asks_for_block = body.asks_for_block();
        }
        Ok(site)
    }

    /// Puts the guard into a body, and returns its site, which is the last one.
    fn body(&mut self, template: &mut Template, body: &Body) -> Weave<Parameter> {
        let mut uses = Uses::default();
        let mut cost = 2;
        let mut items = body.items.iter();
        let mut last = body.opened.clone();
        for element in &mut template.elements {
            cost += 1;
            match element {
                TemplateElement::RawString(text) => cost += text.len() as u64 / 256,
                TemplateElement::Comment(_) => {}
                _ => {
                    let item = items.next().ok_or_else(|| Disagreement(last.clone()))?;
                    last = item.range();
                    cost += self.item(element, item, &mut uses)?;
                }
            }
        }
        if let Some(item) = items.next() {
            return Err(Disagreement(item.range()));
        }
        let site = self.site(body.opened.clone(), cost, uses.all);
        if self.guards == Guards::Nowhere {
            return Ok(site);
        }
        let mut guard = MODELS.call.clone();
        guard.name = Parameter::Name(GUARD.to_owned());
        guard.params = std::iter::once(site.clone()).chain(uses.params).collect();
        template.elements.insert(0, TemplateElement::Expression(Box::new(guard)));
        // The mapping cannot be built either; the guard takes the place of what follows it.
        if let Some(first) = template.mapping.first().cloned() {
            template.mapping.insert(0, first);
        }
        Ok(site)
    }

    /// Weaves what is inside of an item, and returns what its tag costs.
    fn item(&mut self, element: &mut TemplateElement, item: &Item, uses: &mut Uses) -> Weave<u64> {
        match (element, item) {
            (
                TemplateElement::Expression(node) | TemplateElement::HtmlExpression(node),
                Item::Print(call),
            ) => self.print(node, call, uses),
            (TemplateElement::HelperBlock(node), Item::Block { call, body, otherwise }) => {
                let cost = self.helper(node, call, Stands::Passed, uses)?;
                self.inner(node.template.as_mut(), Some(body), call)?;
                self.inner(node.inverse.as_mut(), otherwise.as_ref(), call)?;
                Ok(cost)
            }
            (TemplateElement::HelperBlock(node), Item::Raw(call)) => {
                let text = node.template.iter().flat_map(|template| &template.elements);
                let text = text.map(|element| match element {
                    TemplateElement::RawString(text) => text.len() as u64 / 256,
                    _ => 0,
                });
                let text: u64 = text.sum();
                Ok(self.helper(node, call, Stands::Passed, uses)? + text)
            }
            (TemplateElement::PartialExpression(node), Item::Partial { call, body: None }) => {
                self.partial(node, call, uses)
            }
            (TemplateElement::PartialBlock(node), Item::Partial { call, body: Some(body) }) => {
                let cost = self.partial(node, call, uses)?;
                self.sheathe(node, body, Some(&call.name))?;
                Ok(cost)
            }
            (TemplateElement::DecoratorBlock(node), Item::Inline { call, body }) => {
                self.sheathe(node, body, None)?;
                agree(node.name.as_name() == Some(&call.name), call)?;
                Ok(1)
            }
            (_, item) => Err(Disagreement(item.range())),
        }
    }

    fn inner(&mut self, template: Option<&mut Template>, body: Option<&Body>, call: &Call) -> Weave<()> {
        match (template, body) {
            (Some(template), Some(body)) => self.body(template, body).map(|_| ()),
            (None, None) => Ok(()),
            _ => agree(false, call),
        }
    }

    fn sheathe(&mut self, node: &mut DecoratorTemplate, body: &Body, block_of: Option<&str>) -> Weave<()> {
        let mut template = node.template.take().unwrap_or_default();
        let site = self.partial_body(&mut template, body)?;
        node.template = Some(self.sheathed(template, site, block_of));
        Ok(())
    }

    /// Puts a body into a sheath. If it is the block of a partial, the sheath knows of which.
    fn sheathed(&self, inner: Template, site: Parameter, block_of: Option<&str>) -> Template {
        if self.guards == Guards::Nowhere {
            return inner;
        }
        let mut sheath = MODELS.block.clone();
        sheath.name = Parameter::Name(SHEATH.to_owned());
        sheath.params = vec![site, Parameter::Literal(block_of.map_or(Value::Null, Value::from))];
        let mut outer = Template::new();
        outer.name.clone_from(&inner.name);
        sheath.template = Some(inner);
        outer.elements.push(TemplateElement::HelperBlock(Box::new(sheath)));
        outer
    }

    fn print(&mut self, node: &mut HelperTemplate, call: &Call, uses: &mut Uses) -> Weave<u64> {
        if !call.is_bare() {
            let cost = self.helper(node, call, Stands::Printed, uses)?;
            if call.name == "lookup" {
                node.name = Parameter::Name(PRINTED_LOOKUP.to_owned());
            }
            return Ok(cost);
        }
        agree(node.name.as_name() == Some(&call.name) && node.params.is_empty(), call)?;
        uses.add(&call.name, &call.name_range, Role::Printed, &node.name);
        Ok(path_cost(&call.name))
    }

    fn helper(
        &mut self,
        node: &mut HelperTemplate,
        call: &Call,
        stands: Stands,
        uses: &mut Uses,
    ) -> Weave<u64> {
        agree(node.name.as_name() == Some(&call.name), call)?;
        let role = match call.name.as_str() {
            "each" => Role::Looped,
            "untrusted" => Role::Printed,
            "eq" | "ne" | "gt" | "gte" | "lt" | "lte" => Role::Compared,
            _ => Role::Passed,
        };
        let Some(known) = helpers::find(&call.name) else {
            return Err(Disagreement(call.range.clone()));
        };
        let may_miss = |at| known.may_miss(at);
        let cost = self.args(&mut node.params, &mut node.hash, call, (role, &may_miss), uses)?;
        match known.does {
            Does::Handlebars => {}
            Does::Rendering => {
                if call.name == "lookup" {
                    let site = self.called(call, known, stands);
                    node.hash.insert(SITE.to_owned(), site);
                }
            }
            Does::Value(_) | Does::Test(_) => {
                let site = self.called(call, known, stands);
                node.name = Parameter::Name(OURS.to_owned());
                node.params.insert(0, site);
            }
        }
        Ok(cost)
    }

    fn partial(&mut self, node: &mut DecoratorTemplate, call: &Call, uses: &mut Uses) -> Weave<u64> {
        agree(node.name.as_name() == Some(&call.name), call)?;
        let indent = node.indent.as_ref().map_or(0, String::len) as u64;
        let cost = self.args(&mut node.params, &mut node.hash, call, (Role::Passed, &|_| false), uses)?;
        Ok(cost + indent / 16)
    }

    fn args(
        &mut self,
        params: &mut [Parameter],
        hash: &mut HashMap<String, Parameter>,
        call: &Call,
        (role, may_miss): (Role, &dyn Fn(usize) -> bool),
        uses: &mut Uses,
    ) -> Weave<u64> {
        agree(params.len() == call.params.len(), call)?;
        let mut cost = 1;
        for (at, (param, arg)) in params.iter_mut().zip(&call.params).enumerate() {
            let role = if may_miss(at) { Role::Optional } else { role };
            cost += self.arg(param, arg, call, role, uses)?;
        }
        for (at, (key, arg)) in call.hash.iter().enumerate() {
            // Of several with one name, the last counts.
            if call.hash[at + 1..].iter().any(|(later, _)| later == key) {
                continue;
            }
            let param = hash.get_mut(key).ok_or_else(|| Disagreement(call.range.clone()))?;
            cost += self.arg(param, arg, call, role, uses)?;
        }
        Ok(cost)
    }

    fn arg(
        &mut self,
        param: &mut Parameter,
        arg: &Arg,
        call: &Call,
        role: Role,
        uses: &mut Uses,
    ) -> Weave<u64> {
        match (param, arg) {
            (Parameter::Subexpression(inner), Arg::Call(call)) => match inner.element.as_mut() {
                TemplateElement::Expression(node) => {
                    let may_miss = role == Role::Optional;
                    let stands = if may_miss { Stands::Optional } else { Stands::Passed };
                    self.helper(node, call, stands, uses)
                }
                _ => Err(Disagreement(call.range.clone())),
            },
            (Parameter::Literal(_), Arg::Literal(range)) => Ok(1 + range.len() as u64 / 64),
            (param @ Parameter::Path(_), Arg::Path { raw, range }) => {
                agree(param.as_name() == Some(raw), call)?;
                uses.add(raw, range, role, param);
                Ok(path_cost(raw))
            }
            _ => Err(Disagreement(call.range.clone())),
        }
    }
}

fn path_cost(raw: &str) -> u64 {
    1 + Path::parse(raw).names.len() as u64 / 4
}

fn agree(they_do: bool, call: &Call) -> Weave<()> {
    if they_do { Ok(()) } else { Err(Disagreement(call.range.clone())) }
}

impl Item {
    fn range(&self) -> Range<usize> {
        match self {
            Self::Print(call) | Self::Raw(call) | Self::Decorator(call) => call.range.clone(),
            Self::Block { call, .. } | Self::Partial { call, .. } | Self::Inline { call, .. } => {
                call.range.clone()
            }
        }
    }
}

/// The number of the site in the sheath around the body of a partial.
pub(crate) fn site_of_partial(template: &Template) -> Option<usize> {
    match (template.elements.first()?, template.elements.len()) {
        (TemplateElement::HelperBlock(sheath), 1) if sheath.name.as_name() == Some(SHEATH) => {
            match sheath.params.first()? {
                Parameter::Literal(number) => usize::try_from(number.as_u64()?).ok(),
                _ => None,
            }
        }
        _ => None,
    }
}
