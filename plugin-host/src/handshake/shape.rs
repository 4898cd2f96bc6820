//! Two signatures whose fingerprints differ, compared part by part.
//!
//! In: two records and a method of each. Out: nothing when both mean the same on the wire, else the first difference in
//! words. Field names may differ as long as no field moved, variants stand in any order, and what is open or sized may
//! know more on one side; everything else must be the same.

use std::collections::{HashMap, HashSet};

use plugin_abi::describe::Kind;
use plugin_abi::kernel::meaning;
use plugin_abi::note::{Contract, Member, Method, Record, Type, TypeIndex, Variant};

use super::{Age, Rule, Side};

/// How many types deep a comparison goes. Nobody writes signatures of such depth, and half the stack of a thread is left.
const NESTING: usize = 128;

/// One difference: the rule that it breaks, and where it is, in words.
pub(super) struct Difference {
    pub(super) rule: Rule,
    pub(super) text: String,
}

impl Difference {
    fn new(rule: Rule, text: impl Into<String>) -> Self {
        Self { rule, text: text.into() }
    }

    /// The same, seen from further out.
    fn within(self, place: &str) -> Self {
        Self { text: format!("{place}: {}", self.text), ..self }
    }
}

/// Both sides, and the pairs of types that are already being compared: types may contain themselves.
struct Comparison<'a> {
    host: &'a Record,
    plugin: &'a Record,
    /// Which of the two contracts is the older one.
    plugin_is: Age,
    /// What a type that is another one breaks here.
    rule: Rule,
    seen: HashSet<(TypeIndex, TypeIndex)>,
    depth: usize,
}

/// A method as the host knows it, and as the plugin does.
pub(super) struct Pair<'a> {
    pub(super) host: &'a Record,
    pub(super) ours: &'a Contract,
    pub(super) expected: &'a Method,
    pub(super) plugin: &'a Record,
    pub(super) theirs: &'a Contract,
    pub(super) found: &'a Method,
    /// Who calls it on the other's object.
    pub(super) caller: Side,
}

/// The first difference between the host's method and the plugin's.
pub(super) fn difference(pair: &Pair<'_>) -> Option<Difference> {
    let Pair { host, ours, expected, plugin, theirs, found, caller } = *pair;
    // Whoever has the object may promise more than the caller relies on.
    let (asking, asked) = if caller == Side::Host { (ours, theirs) } else { (theirs, ours) };
    let lacks = |asking: bool, asked: bool| asking && !asked;
    if lacks(asking.send, asked.send) || lacks(asking.sync, asked.sync) {
        let text = match caller {
            Side::Host => "the host relies on `Send` or `Sync`, which the plugin's trait lacks",
            Side::Plugin => "the plugin relies on `Send` or `Sync`, which the host's trait lacks",
        };
        return Some(Difference::new(Rule::PC009, text));
    }
    if expected.receiver != found.receiver {
        return Some(Difference::new(Rule::PC006, "one takes `&self`, the other `&mut self`"));
    }
    if expected.waiting != found.waiting {
        return Some(Difference::new(
            Rule::PC007,
            "one is `async`, the other is not, or stays on its thread",
        ));
    }
    if meaning(&expected.role) != meaning(&found.role) {
        let shown = |role: &str| {
            if role.is_empty() { "nothing more than called".to_owned() } else { format!("#[{role}]") }
        };
        let text =
            format!("it is {} in the host, {} in the plugin", shown(&expected.role), shown(&found.role));
        return Some(Difference::new(Rule::PC013, text));
    }
    if expected.args.len() != found.args.len() {
        return Some(Difference::new(Rule::PC004, "the number of arguments differs"));
    }
    let plugin_is = Age::of(&theirs.version, &ours.version);
    let mut comparison =
        Comparison { host, plugin, plugin_is, rule: Rule::PC003, seen: HashSet::new(), depth: 0 };
    for (expected, found) in expected.args.iter().zip(&found.args) {
        if let Some(difference) = comparison.types(expected.ty, found.ty) {
            return Some(difference.within(&format!("argument `{}`", expected.name)));
        }
    }
    // What was the same in an argument is the same in the result: no pair is compared twice.
    comparison.rule = Rule::PC005;
    comparison.types(expected.ret, found.ret).map(|difference| difference.within("the result"))
}

impl Comparison<'_> {
    fn types(&mut self, expected: TypeIndex, found: TypeIndex) -> Option<Difference> {
        if !self.seen.insert((expected, found)) {
            return None;
        }
        // The plugin's types are foreign: a million that contain each other in a row would exhaust the stack.
        if self.depth == NESTING {
            let text = format!("`{}` is nested too deeply in the plugin", self.host.show(expected));
            return Some(Difference::new(Rule::PC108, text));
        }
        self.depth += 1;
        let difference = self.parts(expected, found);
        self.depth -= 1;
        difference
    }

    fn parts(&mut self, expected: TypeIndex, found: TypeIndex) -> Option<Difference> {
        let (ours, theirs) = (self.host.ty(expected), self.plugin.ty(found));
        let name = self.host.show(expected).to_string();
        if ours.name == theirs.name && ours.kind != theirs.kind {
            let (ours, theirs) = (noun(ours.kind), noun(theirs.kind));
            let text = format!("`{name}` is {theirs} in the plugin, {ours} in the host");
            return Some(Difference::new(Rule::PC102, text));
        }
        // A tuple of another length, like an array of another, is another type, and so is a closure of other arguments.
        let lengths =
            matches!(ours.kind, Kind::Tuple | Kind::Function) && ours.members.len() != theirs.members.len();
        if ours.name != theirs.name || lengths {
            let text = format!("plugin built for `{}`, host expects `{name}`", self.plugin.show(found));
            return Some(Difference::new(self.rule, text));
        }
        match ours.kind {
            Kind::Object => self.contracts(&name, &ours.variants, &theirs.variants),
            Kind::Plain => self.layout(&name, ours, theirs),
            Kind::Enum => self.closed(&name, &ours.variants, &theirs.variants),
            Kind::Open => self.common(&name, &ours.variants, &theirs.variants),
            Kind::Sized => self.beginning(&name, &ours.members, &theirs.members),
            _ => self.members(&name, &ours.members, &theirs.members),
        }
    }

    /// Both sides look at the same bytes.
    fn layout(&mut self, name: &str, ours: &Type, theirs: &Type) -> Option<Difference> {
        if let Some(difference) = self.members(name, &ours.members, &theirs.members) {
            return Some(difference);
        }
        if (ours.size, ours.align) != (theirs.size, theirs.align) {
            let text = format!(
                "`{name}` has {} bytes in the plugin, aligned to {}, and {} in the host, aligned to {}",
                theirs.size, theirs.align, ours.size, ours.align
            );
            return Some(Difference::new(Rule::PC102, text));
        }
        let moved =
            ours.members.iter().zip(&theirs.members).find(|(ours, theirs)| ours.offset != theirs.offset);
        moved.map(|(ours, theirs)| {
            let (field, theirs, ours) = (&ours.name, theirs.offset, ours.offset);
            let text = format!("`{name}.{field}` lies at byte {theirs} in the plugin, at {ours} in the host");
            Difference::new(Rule::PC102, text)
        })
    }

    /// Which methods an object has is compared where everything that crosses was found.
    fn contracts(&mut self, name: &str, ours: &[Variant], theirs: &[Variant]) -> Option<Difference> {
        let id = |contract: &[Variant]| contract.first().map(|id| id.name.clone()).unwrap_or_default();
        let (ours, theirs) = (id(ours), id(theirs));
        (ours != theirs).then(|| {
            let text = format!("`{name}` is contract `{theirs}` in the plugin, `{ours}` in the host");
            Difference::new(self.rule, text)
        })
    }

    /// Both sides know every variant of the other.
    fn closed(&mut self, name: &str, ours: &[Variant], theirs: &[Variant]) -> Option<Difference> {
        if ours.len() != theirs.len() {
            let (ours, theirs) = (ours.len(), theirs.len());
            let more = if self.plugin_is == Age::Newer { theirs > ours } else { ours > theirs };
            let rule = match self.rule {
                _ if !more => Rule::PC106,
                Rule::PC003 => Rule::PC105,
                _ => Rule::PC104,
            };
            let text = format!("`{name}` has {theirs} variants in the plugin, {ours} in the host");
            return Some(Difference::new(rule, text));
        }
        let tags: HashSet<u32> = theirs.iter().map(|variant| variant.tag).collect();
        if let Some(Variant { name: variant, tag, .. }) = ours.iter().find(|ours| !tags.contains(&ours.tag)) {
            let text = format!(
                "`{name}` has variant {variant} = {tag} in the host, none of that number in the plugin"
            );
            return Some(Difference::new(Rule::PC106, text));
        }
        self.common(name, ours, theirs)
    }

    /// The variants that both sides know, by their numbers, whatever their places. What one side does not know reaches it
    /// as `Unknown`, or is refused before.
    fn common(&mut self, name: &str, ours: &[Variant], theirs: &[Variant]) -> Option<Difference> {
        // A map, because a plugin's note has room for thousands.
        let theirs: HashMap<u32, &Variant> = theirs.iter().map(|variant| (variant.tag, variant)).collect();
        let both = ours.iter().filter_map(|ours| theirs.get(&ours.tag).map(|theirs| (ours, *theirs)));
        for (ours, theirs) in both {
            if ours.name != theirs.name {
                let text = format!(
                    "`{name}` has variant {} = {} in the plugin, {} = {} in the host",
                    theirs.name, theirs.tag, ours.name, ours.tag
                );
                return Some(Difference::new(Rule::PC106, text));
            }
            let name = format!("{name}::{}", ours.name);
            if let Some(difference) = self.members(&name, &ours.fields, &theirs.fields) {
                return Some(difference);
            }
        }
        None
    }

    /// The fields that both sides know: the first ones. A side that knows more fills them with defaults.
    fn beginning(&mut self, name: &str, ours: &[Member], theirs: &[Member]) -> Option<Difference> {
        let both = ours.len().min(theirs.len());
        let (side, more) =
            if ours.len() > both { ("host", &ours[both..]) } else { ("plugin", &theirs[both..]) };
        if let Some(field) = more.iter().find(|field| !field.optional) {
            let text = format!("`{name}.{}` is known to the {side} only, and has no default", field.name);
            return Some(Difference::new(Rule::PC102, text));
        }
        self.fields(name, ours, theirs)
    }

    fn members(&mut self, name: &str, ours: &[Member], theirs: &[Member]) -> Option<Difference> {
        if ours.len() != theirs.len() {
            let (ours, theirs) = (ours.len(), theirs.len());
            let text = format!("`{name}` has {theirs} fields in the plugin, {ours} in the host");
            return Some(Difference::new(Rule::PC102, text));
        }
        self.fields(name, ours, theirs)
    }

    /// The fields that stand at the same places, as far as both sides have any.
    fn fields(&mut self, name: &str, ours: &[Member], theirs: &[Member]) -> Option<Difference> {
        let has = |fields: &[Member], name: &str| fields.iter().any(|field| field.name == name);
        for (expected, found) in ours.iter().zip(theirs) {
            // A new name for the same place is no matter; the name of another place is.
            if expected.name != found.name {
                let moved = [&found.name, &expected.name].into_iter();
                let moved = moved.zip([ours, theirs]).find(|(name, fields)| has(fields, name));
                if let Some((field, _)) = moved {
                    let text = format!("`{name}` has its fields in another order: `{field}` moved");
                    return Some(Difference::new(Rule::PC102, text));
                }
            }
            if let Some(difference) = self.types(expected.ty, found.ty) {
                let field =
                    if expected.name.is_empty() { String::new() } else { format!(".{}", expected.name) };
                let difference = difference.within(&format!("`{name}{field}`"));
                // A derived type's field, not the argument itself.
                let rule = if field.is_empty() || difference.rule != self.rule {
                    difference.rule
                } else {
                    Rule::PC102
                };
                return Some(Difference { rule, ..difference });
            }
        }
        None
    }
}

/// What people call a type of this kind.
fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Struct => "a struct",
        Kind::Sized => "a sized struct",
        Kind::Plain => "a plain struct",
        Kind::Enum => "an enum",
        Kind::Open => "an open enum",
        _ => "a type of std",
    }
}
