//! Trait objects as they were written: closures, iterators, futures, and objects of contracts.
//!
//! In: `dyn …`. Out: which of them it is, with its parts. It does not know whether the trait is a contract: rustc does.

use syn::{
    GenericArgument, Lifetime, Path, PathArguments, ReturnType, Type, TypeParamBound, TypeTraitObject,
};

use super::print;

/// What stands behind `dyn`.
pub enum Dynamic<'a> {
    /// `dyn Fn(A, B) -> R + Send`
    Function(Function<'a>),
    /// `dyn Iterator<Item = T> + Send`, `Stream<Item = T>` and `Future<Output = T>`.
    Yields(Yields<'a>),
    /// `dyn Session`: any other trait, which must be a contract.
    Object(Object<'a>),
}

/// A trait that must be a contract.
pub struct Object<'a> {
    /// Its path; nothing when there are only lifetimes.
    pub path: Option<&'a Path>,
    /// The bounds beside it, as they were written.
    pub others: Vec<&'a TypeParamBound>,
}

/// A closure's signature.
pub struct Function<'a> {
    /// `Fn`, `FnMut` or `FnOnce`.
    pub kind: FunctionKind,
    /// Its arguments.
    pub args: Vec<&'a Type>,
    /// What it returns; nothing when nothing is written.
    pub ret: Option<&'a Type>,
    /// Whether `Send` is among its bounds.
    pub send: bool,
    /// Whether `Sync` is.
    pub sync: bool,
    /// The lifetimes among them.
    pub lifetimes: Vec<&'a Lifetime>,
}

/// How often a closure can be called, and whether it changes what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionKind {
    /// `Fn`
    Shared,
    /// `FnMut`
    Exclusive,
    /// `FnOnce`
    Once,
}

impl FunctionKind {
    /// The trait's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Shared => "Fn",
            Self::Exclusive => "FnMut",
            Self::Once => "FnOnce",
        }
    }
}

/// Something that yields values of one type.
pub struct Yields<'a> {
    /// `Iterator`, `Stream` or `Future`.
    pub name: &'static str,
    /// What it yields.
    pub item: &'a Type,
    /// Whether `Send` is among its bounds.
    pub send: bool,
    /// Whether `Sync` is.
    pub sync: bool,
    /// The lifetimes among them.
    pub lifetimes: Vec<&'a Lifetime>,
}

impl<'a> Dynamic<'a> {
    /// Takes a trait object apart.
    #[must_use]
    pub fn of(object: &'a TypeTraitObject) -> Self {
        let (mut send, mut sync) = (false, false);
        let (mut path, mut others) = (None, Vec::new());
        for one in &object.bounds {
            if let TypeParamBound::Trait(bound) = one
                && let Some(last) = bound.path.segments.last()
            {
                match print::plain(&last.ident).as_str() {
                    "Send" => send = true,
                    "Sync" => sync = true,
                    _ if path.is_none() => {
                        path = Some(&bound.path);
                        continue;
                    }
                    _ => {}
                }
            }
            others.push(one);
        }
        let lifetimes = object.bounds.iter().filter_map(|bound| match bound {
            TypeParamBound::Lifetime(lifetime) => Some(lifetime),
            _ => None,
        });
        let lifetimes = lifetimes.collect();
        let object = Self::Object(Object { path, others });
        let Some(main) = path.and_then(|path| path.segments.last()) else { return object };
        let name = print::plain(&main.ident);
        match &main.arguments {
            PathArguments::Parenthesized(arguments) => {
                let kind = match name.as_str() {
                    "Fn" => FunctionKind::Shared,
                    "FnMut" => FunctionKind::Exclusive,
                    "FnOnce" => FunctionKind::Once,
                    _ => return object,
                };
                let args = arguments.inputs.iter().map(|arg| &arg.ty).collect();
                let ret = match &arguments.output {
                    ReturnType::Type(_, ty) if print::type_text(ty) != "()" => Some(&**ty),
                    _ => None,
                };
                Self::Function(Function { kind, args, ret, send, sync, lifetimes })
            }
            PathArguments::AngleBracketed(arguments) => {
                let (name, binding) = match name.as_str() {
                    "Iterator" => ("Iterator", "Item"),
                    "Stream" => ("Stream", "Item"),
                    "Future" => ("Future", "Output"),
                    _ => return object,
                };
                let item = arguments.args.iter().find_map(|argument| match argument {
                    GenericArgument::AssocType(assoc) if assoc.ident == binding => Some(&assoc.ty),
                    _ => None,
                });
                item.map_or(object, |item| Self::Yields(Yields { name, item, send, sync, lifetimes }))
            }
            PathArguments::None => object,
        }
    }
}

/// ` + Send + Sync`, as far as they are there.
#[must_use]
pub fn bounds_text(send: bool, sync: bool) -> String {
    let bound = |is: bool, name: &str| if is { format!(" + {name}") } else { String::new() };
    bound(send, "Send") + &bound(sync, "Sync")
}

/// The trait object itself, when there is nothing around it but brackets.
#[must_use]
pub fn dynamic(ty: &Type) -> Option<Dynamic<'_>> {
    match plain_type(ty) {
        Type::TraitObject(object) => Some(Dynamic::of(object)),
        _ => None,
    }
}

/// What is behind a reference, and whether it may be changed: of `&dyn Session`.
#[must_use]
pub fn lent_dynamic(ty: &Type) -> Option<(&Type, bool)> {
    let Type::Reference(reference) = plain_type(ty) else { return None };
    let behind = plain_type(&reference.elem);
    dynamic(behind).map(|_| (behind, reference.mutability.is_some()))
}

/// The types that a type is made of, as they are written in it; a closure's too.
#[must_use]
pub fn parts(ty: &Type) -> Vec<&Type> {
    match ty {
        Type::Paren(inner) => vec![&inner.elem],
        Type::Group(inner) => vec![&inner.elem],
        Type::Reference(reference) => vec![&reference.elem],
        Type::Slice(slice) => vec![&slice.elem],
        Type::Array(array) => vec![&array.elem],
        Type::Tuple(tuple) => tuple.elems.iter().collect(),
        Type::Path(path) => {
            path.path.segments.iter().flat_map(|segment| arguments(&segment.arguments)).collect()
        }
        Type::TraitObject(object) => match Dynamic::of(object) {
            Dynamic::Function(function) => function.args.into_iter().chain(function.ret).collect(),
            Dynamic::Yields(yields) => vec![yields.item],
            Dynamic::Object(_) => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn arguments(arguments: &PathArguments) -> Vec<&Type> {
    match arguments {
        PathArguments::AngleBracketed(arguments) => {
            let types = arguments.args.iter().filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            });
            types.collect()
        }
        _ => Vec::new(),
    }
}

/// The same, to be replaced. Not what a closure is made of: there every lifetime is its own.
#[must_use]
pub fn parts_mut(ty: &mut Type) -> Vec<&mut Type> {
    match ty {
        Type::Paren(inner) => vec![&mut inner.elem],
        Type::Group(inner) => vec![&mut inner.elem],
        Type::Reference(reference) => vec![&mut reference.elem],
        Type::Slice(slice) => vec![&mut slice.elem],
        Type::Array(array) => vec![&mut array.elem],
        Type::Tuple(tuple) => tuple.elems.iter_mut().collect(),
        Type::Path(path) => {
            let types = path.path.segments.iter_mut().flat_map(|segment| match &mut segment.arguments {
                PathArguments::AngleBracketed(arguments) => {
                    arguments.args.iter_mut().filter_map(type_mut).collect()
                }
                _ => Vec::new(),
            });
            types.collect()
        }
        _ => Vec::new(),
    }
}

fn type_mut(argument: &mut GenericArgument) -> Option<&mut Type> {
    match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

/// What stands in a box, if it is one: of `Box<dyn Fn()>`.
#[must_use]
pub fn pointee(ty: &Type) -> Option<&Type> {
    argument_of(ty, "Box").map(plain_type)
}

/// What stands in an `Option`, if it is one.
#[must_use]
pub fn is_option(ty: &Type) -> Option<&Type> {
    argument_of(ty, "Option")
}

/// What holds values of other types, and gives them out again.
pub enum Container<'a> {
    /// `Vec<T>`
    Vec(&'a Type),
    /// `Option<T>`
    Option(&'a Type),
    /// `Box<T>`
    Box(&'a Type),
    /// `Result<T, E>`
    Result(&'a Type, &'a Type),
    /// `BTreeMap<K, V>` and `HashMap<K, V>`: of the values.
    Map(&'a Type),
    /// `[T; N]`
    Array(&'a Type),
    /// `(A, B)`
    Tuple(Vec<&'a Type>),
}

impl<'a> Container<'a> {
    /// Takes a type apart, if it is one of them.
    #[must_use]
    pub fn of(ty: &'a Type) -> Option<Self> {
        match plain_type(ty) {
            Type::Array(array) => Some(Self::Array(&array.elem)),
            Type::Tuple(tuple) => Some(Self::Tuple(tuple.elems.iter().collect())),
            Type::Path(path) => {
                let last = path.path.segments.last()?;
                match (print::plain(&last.ident).as_str(), &*arguments(&last.arguments)) {
                    ("Vec", [one]) => Some(Self::Vec(one)),
                    ("Option", [one]) => Some(Self::Option(one)),
                    ("Box", [one]) => Some(Self::Box(one)),
                    ("Result", [ok, err]) => Some(Self::Result(ok, err)),
                    ("BTreeMap" | "HashMap", [_, value]) => Some(Self::Map(value)),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// The closure that is moved, if it is one: of `Box<dyn Fn()>`.
#[must_use]
pub fn boxed_function(ty: &Type) -> Option<&Type> {
    pointee(ty).filter(|inner| matches!(dynamic(inner), Some(Dynamic::Function(_))))
}

/// Whether closures are moved in a type, by themselves or among others.
#[must_use]
pub fn holds_function(ty: &Type) -> bool {
    if boxed_function(ty).is_some() {
        return true;
    }
    match plain_type(ty) {
        Type::Reference(_) | Type::TraitObject(_) => false,
        ty => parts(ty).into_iter().any(holds_function),
    }
}

/// The one argument of a type of this name.
fn argument_of<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = plain_type(ty) else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == name)?;
    match &*arguments(&last.arguments) {
        [one] => Some(one),
        _ => None,
    }
}

/// The type without the brackets that a person or a macro put around it.
#[must_use]
pub fn plain_type(ty: &Type) -> &Type {
    match ty {
        Type::Paren(inner) => plain_type(&inner.elem),
        Type::Group(inner) => plain_type(&inner.elem),
        ty => ty,
    }
}

/// Whether this names a boxed stream, whose lifetime stands among its arguments.
#[must_use]
pub(super) fn is_stream(name: &syn::Ident) -> bool {
    name == "BoxStream" || name == "LocalBoxStream"
}
