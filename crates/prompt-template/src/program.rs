//! Compiled templates with the registry that their partials and helpers are looked up in.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use handlebars::{Context, Handlebars, Output, RenderContext, RenderError, Renderable, no_escape};

use crate::load::{Loaded, spellings};

/// The registry of templates without partials, which all of them share.
static WITHOUT_PARTIALS: LazyLock<Arc<Handlebars<'static>>> = LazyLock::new(|| {
    let mut registry = Handlebars::new();
    registry.register_escape_fn(no_escape);
    registry.unregister_helper("log");
    Arc::new(registry)
});

/// A template that handlebars can render, with its partials.
#[derive(Debug)]
pub(crate) struct Program {
    main: handlebars::Template,
    registry: Arc<Handlebars<'static>>,
}

impl Program {
    /// The program of the first template; the others are its partials, in the order of the units.
    pub(crate) fn new(templates: Vec<handlebars::Template>, units: &[Loaded]) -> Self {
        let mut templates = templates.into_iter();
        let main = templates.next().unwrap_or_default();
        let mut registry = Arc::clone(&WITHOUT_PARTIALS);
        if units.len() > 1 {
            let spellings: BTreeMap<_, _> = spellings(units);
            let registry = Arc::make_mut(&mut registry);
            for (unit, template) in units.iter().skip(1).zip(templates) {
                for spelling in spellings.get(unit.source.name.as_str()).into_iter().flatten() {
                    registry.register_template(spelling, template.clone());
                }
            }
        }
        Self { main, registry }
    }

    /// Renders into an output, after `equip` has prepared what the rendering needs of its own.
    pub(crate) fn render<'a>(
        &'a self,
        context: &'a Context,
        output: &mut dyn Output,
        equip: impl FnOnce(&mut RenderContext<'a, 'a>),
    ) -> Result<(), RenderError> {
        let mut rc = RenderContext::new(None);
        equip(&mut rc);
        self.main.render(&self.registry, context, &mut rc, output)
    }
}
