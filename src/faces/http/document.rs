//! The OpenAPI 3.1 document, made from the catalogue and the grammar: it cannot say what the program does not do.
//!
//! Pure.

use serde_json::Value;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{ArrayBuilder, KnownFormat, Object, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, HttpMethod, InfoBuilder, OpenApi, OpenApiBuilder, PathItem, PathsBuilder, Ref, RefOr, Required,
    SecurityRequirement,
};

use super::path_of;
use crate::faces::commands::grammar::{Field, FieldKind, Form};
use crate::faces::commands::{COMMANDS, Command, Place};

/// The whole document.
pub fn document() -> OpenApi {
    let paths = COMMANDS.iter().fold(PathsBuilder::new(), |paths, command| {
        let method = if command.reads() { HttpMethod::Get } else { HttpMethod::Post };
        paths.path(path_of(*command), PathItem::new(method, operation(*command)))
    });
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("“我的账号”里生成的接口令牌")).build();
    let components =
        ComponentsBuilder::new().schema("Problem", problem()).security_scheme("token", SecurityScheme::Http(token)).build();
    let info = InfoBuilder::new()
        .title("村账 Cunzhang")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("金额是以元为单位、两位小数的文字;日期 YYYY-MM-DD;期间 YYYY-MM。不办时答 application/problem+json,code 与网页、命令行相同。"));
    OpenApiBuilder::new()
        .info(info.build())
        .paths(paths.build())
        .components(Some(components))
        .security(Some([SecurityRequirement::new::<_, _, String>("token", [])]))
        .build()
}

fn operation(command: Command) -> OperationBuilder {
    let form = Form::of(command.words).cloned().unwrap_or(Form { about: String::new(), fields: Vec::new() });
    let fields: Vec<&Field> = form.fields.iter().filter(|field| command.place == Place::County || field.name != "book").collect();
    let mut operation = OperationBuilder::new()
        .operation_id(Some(command.words.replace([' ', '-'], "_")))
        .tag(command.words.split(' ').next().unwrap_or_default())
        .summary(Some(form.title()))
        .description(Some(&form.about))
        .response(
            "200",
            ResponseBuilder::new()
                .description("办好了;内容与命令行的 --format json 相同")
                .content("application/json", Default::default()),
        )
        .response("4XX", ResponseBuilder::new().description("不办:原因和下一步").content("application/problem+json", refusal()));
    if command.place == Place::Book {
        operation = operation.parameter(parameter("book", ParameterIn::Path, Required::True, "账套编号"));
    }
    if command.reads() {
        return fields.iter().fold(operation, |operation, field| operation.parameter(query(field)));
    }
    operation
        .parameter(parameter("Idempotency-Key", ParameterIn::Header, Required::False, "同一个键的同一请求只办一次"))
        .request_body(Some(body(&fields, form.takes_files())))
}

fn parameter(name: &str, place: ParameterIn, required: Required, about: &str) -> ParameterBuilder {
    let text: Object = ObjectBuilder::new().schema_type(Type::String).build();
    ParameterBuilder::new().name(name).parameter_in(place).required(required).description(Some(about)).schema(Some(text))
}

fn query(field: &Field) -> ParameterBuilder {
    let required = if field.required { Required::True } else { Required::False };
    parameter(&field.name, ParameterIn::Query, required, &about(field)).schema(Some(schema(field)))
}

fn about(field: &Field) -> String {
    [field.label.as_str(), field.hint.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(";")
}

fn body(fields: &[&Field], files: bool) -> utoipa::openapi::request_body::RequestBody {
    let object = fields.iter().fold(ObjectBuilder::new(), |object, field| {
        let object = object.property(&field.name, schema(field));
        if field.required { object.required(&field.name) } else { object }
    });
    let kind = if files { "multipart/form-data" } else { "application/json" };
    let content = ContentBuilder::new().schema(Some(object.build())).build();
    RequestBodyBuilder::new().content(kind, content).required(Some(Required::True)).build()
}

fn schema(field: &Field) -> RefOr<Schema> {
    let one = match &field.kind {
        FieldKind::Flag => ObjectBuilder::new().schema_type(Type::Boolean),
        FieldKind::Number => ObjectBuilder::new().schema_type(Type::Integer),
        FieldKind::Date => {
            ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
        }
        FieldKind::File => {
            ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
        }
        FieldKind::Month => ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[0-9]{4}-[0-9]{2}$")),
        FieldKind::Choice(words) => {
            ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words.iter().map(|(word, _)| word.clone())))
        }
        FieldKind::Text | FieldKind::Money => ObjectBuilder::new().schema_type(Type::String),
    };
    let default = (!field.default.is_empty()).then(|| Value::String(field.default.clone()));
    let one: Object = one.description(Some(about(field))).default(default).build();
    if field.many { ArrayBuilder::new().items(one).build().into() } else { one.into() }
}

fn refusal() -> utoipa::openapi::Content {
    ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build()
}

/// Why nothing was done (RFC 9457).
fn problem() -> Object {
    let text = |about: &str| -> Object { ObjectBuilder::new().schema_type(Type::String).description(Some(about)).build() };
    ObjectBuilder::new()
        .property("type", text("urn:cunzhang:refusal:代码"))
        .property("title", text("英文一句"))
        .property("status", ObjectBuilder::new().schema_type(Type::Integer))
        .property("detail", text("中文一句:位置和原因"))
        .property("code", text("代码,如 L-201"))
        .property("next", text("下一步怎么办"))
        .property("next_en", text("下一步怎么办,英文"))
        .property("answer", ObjectBuilder::new().description(Some("拒绝之前已经得出的内容,如导入文件的逐行问题")))
        .build()
}
