/// A prompt's text with holes, read strictly.
///
/// | tag | meaning |
/// |---|---|
/// | `{{name}}` | a text or a number |
/// | `{{fenced name}}` | data, in a fence; `limit=N` refuses more characters, `cut=N` cuts there |
/// | `{{#each name}}` … `{{/each}}` | once for every record of a list, whose fields are names inside |
/// | `{{#if name}}` … `{{else}}` … `{{/if}}` | a flag is set, or a list is not empty |
/// | `{{include shared/part.md}}` | the text of a part |
/// | `{{omit name}}` | says that a value is left out on purpose |
/// | `{{! words }}` | a remark that no model sees |
///
/// A tag stands on one line. One that is no plain hole and stands alone takes its line with it;
/// `fenced` and `include` must stand alone. `\{{` is a literal `{{`, and `\\{{` a backslash before a
/// tag. Nothing that a hole yields is ever read as a template.
struct Template: Hashable, Sendable {
    var nodes: [Node]
    /// The parts that it includes, in order of their first use.
    var parts: [String] = []

    indirect enum Node: Hashable, Sendable {
        case text(String)
        case hole(name: String, PromptPlace)
        case fenced(name: String, FenceLimit, PromptPlace)
        case each(name: String, [Node], PromptPlace)
        case choice(name: String, then: [Node], otherwise: [Node], PromptPlace)
        case omitted(name: String, PromptPlace)
    }

    /// Whether the template would render nothing whatever the values.
    var isBlank: Bool {
        nodes.allSatisfy {
            if case .text(let text) = $0 { text.allSatisfy(\.isWhitespace) } else { false }
        }
    }
}

/// A line of a file, for messages.
public struct PromptPlace: Hashable, Sendable, CustomStringConvertible {
    public let file: String
    /// From 1.
    public let line: Int

    public var description: String { "\(file):\(line)" }
}
