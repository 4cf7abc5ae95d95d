import Foundation
import JSON

/// Which model to ask, where it is, and how it may be asked: from a word on the command line
/// (`openai:gpt-5`) or a YAML file. It holds the name of the variable that a key is in, never a key.
public struct ModelSpecification: Hashable, Sendable {
    public enum Provider: String, Hashable, Sendable, CaseIterable {
        case openai, anthropic, gemini, ollama, openrouter
        /// A server that speaks OpenAI's chat completions, given by its address.
        case compatible
        case command
        /// A recorded run.
        case replay
    }

    public var provider: Provider
    public var model: String
    /// The address that paths are added to; a command's words; a recording's file and run.
    public var endpoint: String
    public var keyVariable: String?
    /// Whether it is no use to begin without a key.
    public var needsKey = false
    public var price: Price?
    /// Nil: find out with a probe.
    public var schemaForm: SchemaForm?
    public var streams = false
    public var sampling = SamplingChoice()
    public var gate = HostGate.Settings()
    public var limits = RateLimits()
    public var retry = RetryPolicy()
    /// Seconds.
    public var connectTimeout = 5.0
    public var idleTimeout = 300.0
    public var totalTimeout = 600.0
    public var headers: [Header] = []

    public struct Header: Hashable, Sendable {
        public let name: String
        public let value: String
    }

    init(provider: Provider, model: String, endpoint: String, keyVariable: String? = nil) {
        self.provider = provider
        self.model = model
        self.endpoint = endpoint
        self.keyVariable = keyVariable
    }

    /// What replies depend on beside the request.
    public var identity: ModelIdentity {
        switch provider {
        case .compatible:
            ModelIdentity(provider: "openai-compatible", endpoint: endpoint, model: model)
        case .command: ModelIdentity(provider: "command", endpoint: endpoint, model: "")
        default: ModelIdentity(provider: provider.rawValue, endpoint: endpoint, model: model)
        }
    }

    /// Reads the word after `--model`.
    ///
    /// - Throws: ``SpecificationError``.
    public static func parse(
        _ text: String, environment: [String: String]
    ) throws(SpecificationError) -> ModelSpecification {
        if text.hasSuffix(".yaml") || text.hasSuffix(".yml") {
            return try ModelFile.read(path: text, environment: environment)
        }
        return try parse(word: text, environment: environment)
    }

    static func parse(
        word text: String, environment: [String: String]
    ) throws(SpecificationError) -> ModelSpecification {
        if text.hasPrefix("http://") || text.hasPrefix("https://") { return try server(at: text) }
        guard let colon = text.firstIndex(of: ":"),
            let provider = Provider(rawValue: String(text[..<colon])), provider != .compatible
        else { throw .unknownForm(text) }
        let rest = String(text[text.index(after: colon)...])
        guard !rest.isEmpty else { throw .noModel(text) }
        switch provider {
        case .command where holdsSecret(rest, environment): throw .secretInCommand
        case .command, .replay:
            return ModelSpecification(provider: provider, model: "", endpoint: rest)
        case .ollama: return try ollama(rest, environment)
        default: return try hosted(provider, rest, environment)
        }
    }

    private static func hosted(
        _ provider: Provider, _ model: String, _ environment: [String: String]
    ) throws(SpecificationError) -> ModelSpecification {
        let (variable, address, keys) =
            switch provider {
            case .anthropic:
                ("ANTHROPIC_BASE_URL", "https://api.anthropic.com", ["ANTHROPIC_API_KEY"])
            case .gemini:
                (
                    "GEMINI_BASE_URL", "https://generativelanguage.googleapis.com/v1beta",
                    ["GEMINI_API_KEY", "GOOGLE_API_KEY"]
                )
            case .openrouter:
                ("OPENROUTER_BASE_URL", "https://openrouter.ai/api/v1", ["OPENROUTER_API_KEY"])
            default: ("OPENAI_BASE_URL", "https://api.openai.com/v1", ["OPENAI_API_KEY"])
            }
        var base = try checked(environment.filled(variable) ?? address)
        if provider == .anthropic, !base.hasSuffix("/v1") { base += "/v1" }
        let key = keys.first { environment.filled($0) != nil } ?? keys[0]
        var result = ModelSpecification(
            provider: provider, model: model, endpoint: base, keyVariable: key)
        result.needsKey = true
        return result
    }

    private static func ollama(
        _ model: String, _ environment: [String: String]
    ) throws(SpecificationError) -> ModelSpecification {
        var host = environment.filled("OLLAMA_HOST") ?? "127.0.0.1"
        if !host.contains("://") { host = "http://" + host }
        if var parts = URLComponents(string: host), parts.port == nil, parts.scheme == "http" {
            parts.port = 11_434
            host = parts.string ?? host
        }
        return ModelSpecification(
            provider: .ollama, model: model, endpoint: try checked(host) + "/v1")
    }

    /// Whether a command's words, which are written down, hold a key.
    private static func holdsSecret(_ words: String, _ environment: [String: String]) -> Bool {
        ServerWords.clean(words, secret: nil) != words
            || environment.contains {
                $0.key.hasSuffix("_API_KEY") && $0.value.utf8.count >= 8 && words.contains($0.value)
            }
    }

    /// `http://host:8000/v1#name`.
    private static func server(at text: String) throws(SpecificationError) -> ModelSpecification {
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        // First the address: what is wrong with the word is told with the word in it.
        let address = try checked(String(parts[0]))
        guard parts.count == 2, !parts[1].isEmpty else { throw .noModel(text) }
        return ModelSpecification(
            provider: .compatible, model: String(parts[1]), endpoint: address,
            keyVariable: "CONJECTURE_API_KEY")
    }

    /// An address without a slash at its end.
    ///
    /// - Throws: where there is something in it that must not be in journals: a user or a password.
    static func checked(_ address: String) throws(SpecificationError) -> String {
        guard let parts = URLComponents(string: address), parts.host?.isEmpty == false,
            parts.scheme == "http" || parts.scheme == "https"
        else { throw .badAddress(address.split(separator: "@").last.map(String.init) ?? "") }
        guard parts.user == nil, parts.password == nil, parts.query == nil else {
            throw .secretInAddress(host: parts.host ?? "")
        }
        var address = address
        while address.hasSuffix("/") { address.removeLast() }
        return address
    }
}

/// Why a model cannot be chosen.
public enum SpecificationError: Error, Hashable, Sendable {
    case unknownForm(String)
    case noModel(String)
    case badAddress(String)
    case secretInAddress(host: String)
    case secretInCommand
    case missingKey(variable: String, model: String)
    case unreadableFile(path: String, reason: String)
    case badField(path: String, field: String, reason: String)
    case unknownPrice(model: String)
    case noBatches(model: String)
    case unkeptBatches(model: String)
}

extension SpecificationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownForm(let text):
            "\"\(text)\" names no model; write openai:NAME, anthropic:NAME, gemini:NAME, ollama:NAME, "
                + "openrouter:NAME, http://host:8000/v1#NAME, command:PROGRAM, replay:MEMORY#RUN, or "
                + "the path of a .yaml file"
        case .noModel(let text):
            "\"\(text)\" does not say which model; write for instance openai:gpt-5 or "
                + "http://host:8000/v1#name"
        case .badAddress(let text):
            "\"\(text)\" is no http or https address; mend it after --model, or in the variable that "
                + "it comes from (OPENAI_BASE_URL and the like, OLLAMA_HOST)"
        case .secretInAddress(let host):
            "the address at \(host) holds a user, a password or a query; keys come from the "
                + "environment only: take them out of the address"
        case .secretInCommand:
            "the command holds a key, and its words are written down: let the program take the key from "
                + "the environment"
        case .missingKey(let variable, let model):
            "\(model) needs a key: set \(variable) in the environment"
        case .unreadableFile(let path, let reason): "\(path): \(reason)"
        case .badField(let path, let field, let reason): "\(path): \(field): \(reason)"
        case .unknownPrice(let model):
            "the price of \(model) is not known, so a cap on money cannot be kept; state it with "
                + "--price INPUT/OUTPUT in dollars per million tokens, or in the model's file"
        case .noBatches(let model):
            "\(model) takes no batches; ask without, or choose a model of OpenAI's or Anthropic's"
        case .unkeptBatches(let model):
            "a batch of \(model) would be forgotten when the process ends, for nothing is kept here; "
                + "ask within a run"
        }
    }
}

extension [String: String] {
    /// The value of a variable that is set to something.
    fileprivate func filled(_ variable: String) -> String? {
        self[variable].flatMap { $0.isEmpty ? nil : $0 }
    }
}
