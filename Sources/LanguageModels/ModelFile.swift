import Foundation
import Yams

/// A model's file: YAML with the fields below and no others.
///
///     model: openai:gpt-5
///     key-variable: OPENAI_API_KEY
///     price: {input: 1.25, output: 10, cached-input: 0.125}
///     schema: native
///     stream: true
///     sampling: {temperature: 0.7, max-output-tokens: 4096, effort: low}
///     limits: {requests-per-minute: 500, tokens-per-minute: 200000}
///     concurrency: {start: 20, least: 1, most: 100}
///     retries: {attempts: 6, longest-delay: 8, longest-retry-after: 120}
///     timeouts: {connect: 5, idle: 300, total: 600}
///     headers: {X-Title: my study}
enum ModelFile {
    private static let sizeLimit = 64 << 10

    static func read(
        path: String, environment: [String: String]
    ) throws(SpecificationError) -> ModelSpecification {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw .unreadableFile(path: path, reason: "it cannot be read")
        }
        guard data.count <= sizeLimit, let text = String(validating: data, as: UTF8.self) else {
            throw .unreadableFile(path: path, reason: "it is too large, or not UTF-8")
        }
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch {
            throw .unreadableFile(path: path, reason: "it is not YAML")
        }
        guard let mapping = node?.mapping else {
            throw .unreadableFile(path: path, reason: "it has no fields")
        }
        var fields = try Fields(mapping, path: path, prefix: "")
        guard let word = try fields.text("model") else {
            throw .badField(path: path, field: "model", reason: "is missing")
        }
        var result = try ModelSpecification.parse(word: word, environment: environment)
        try fill(&result, from: &fields)
        try fields.finish()
        return result
    }

    private static func fill(
        _ result: inout ModelSpecification, from fields: inout Fields
    ) throws(SpecificationError) {
        if let variable = try fields.text("key-variable") { result.keyVariable = variable }
        if let word = try fields.text("schema"), word != "auto" {
            guard let form = SchemaForm(rawValue: word) else {
                throw fields.bad("schema", "must be auto, native or prompted")
            }
            result.schemaForm = form
        }
        if let streams = try fields.flag("stream") { result.streams = streams }
        if var part = try fields.part("price") { result.price = try price(&part) }
        if var part = try fields.part("sampling") { try sampling(&result.sampling, &part) }
        if var part = try fields.part("limits") {
            result.limits.requestsPerMinute = try part.count("requests-per-minute")
            result.limits.tokensPerMinute = try part.count("tokens-per-minute")
            try part.finish()
        }
        if var part = try fields.part("concurrency") {
            let old = result.gate
            result.gate = HostGate.Settings(
                start: try part.count("start") ?? old.start,
                least: try part.count("least") ?? old.least,
                most: try part.count("most") ?? old.most,
                coolDown: try part.number("cool-down") ?? old.coolDown)
            try part.finish()
        }
        if var part = try fields.part("retries") { try retries(&result.retry, &part) }
        if var part = try fields.part("timeouts") {
            result.connectTimeout = try part.number("connect") ?? result.connectTimeout
            result.idleTimeout = try part.number("idle") ?? result.idleTimeout
            result.totalTimeout = try part.number("total") ?? result.totalTimeout
            try part.finish()
        }
        if let part = try fields.part("headers") { result.headers = try part.headers() }
    }

    private static func price(_ part: inout Fields) throws(SpecificationError) -> Price {
        guard let input = try part.number("input"), let output = try part.number("output") else {
            throw part.bad("input", "and output must both be stated")
        }
        let price = Price(
            input: input, output: output, cachedInput: try part.number("cached-input"),
            cacheWriteInput: try part.number("cache-write-input"))
        try part.finish()
        return price
    }

    private static func sampling(
        _ sampling: inout SamplingChoice, _ part: inout Fields
    ) throws(SpecificationError) {
        sampling.temperature = try part.number("temperature")
        sampling.topP = try part.number("top-p")
        sampling.maximumOutputTokens = try part.count("max-output-tokens")
        sampling.seed = try part.count("seed")
        sampling.effort = try part.text("effort")
        try part.finish()
    }

    private static func retries(
        _ retry: inout RetryPolicy, _ part: inout Fields
    ) throws(SpecificationError) {
        if let attempts = try part.count("attempts") { retry.attempts = max(1, attempts) }
        retry.firstDelay = try part.number("first-delay") ?? retry.firstDelay
        retry.longestDelay = try part.number("longest-delay") ?? retry.longestDelay
        retry.longestRetryAfter = try part.number("longest-retry-after") ?? retry.longestRetryAfter
        try part.finish()
    }
}

/// The fields of one mapping; each is asked for once, and one that nobody asked for is refused.
private struct Fields {
    let path: String
    let prefix: String
    private var left: [String: Node] = [:]

    init(_ mapping: Node.Mapping, path: String, prefix: String) throws(SpecificationError) {
        self.path = path
        self.prefix = prefix
        for (key, value) in mapping {
            guard let name = key.string, left[name] == nil else {
                throw .badField(
                    path: path, field: prefix + (key.string ?? "?"), reason: "is there twice")
            }
            left[name] = value
        }
    }

    func bad(_ name: String, _ reason: String) -> SpecificationError {
        .badField(path: path, field: prefix + name, reason: reason)
    }

    mutating func text(_ name: String) throws(SpecificationError) -> String? {
        guard let node = left.removeValue(forKey: name) else { return nil }
        guard let text = node.string, !text.isEmpty else { throw bad(name, "must be a text") }
        return text
    }

    mutating func flag(_ name: String) throws(SpecificationError) -> Bool? {
        guard let node = left.removeValue(forKey: name) else { return nil }
        guard let flag = node.bool else { throw bad(name, "must be true or false") }
        return flag
    }

    mutating func number(_ name: String) throws(SpecificationError) -> Double? {
        guard let node = left.removeValue(forKey: name) else { return nil }
        guard let value = node.float, (0...1e6).contains(value) else {
            throw bad(name, "must be a number from 0 to 1000000")
        }
        return value
    }

    mutating func count(_ name: String) throws(SpecificationError) -> Int? {
        guard let node = left.removeValue(forKey: name) else { return nil }
        guard let value = node.int, value >= 0 else {
            throw bad(name, "must be a whole number from 0")
        }
        return value
    }

    mutating func part(_ name: String) throws(SpecificationError) -> Fields? {
        guard let node = left.removeValue(forKey: name) else { return nil }
        guard let mapping = node.mapping else { throw bad(name, "must have fields of its own") }
        return try Fields(mapping, path: path, prefix: prefix + name + ".")
    }

    func headers() throws(SpecificationError) -> [ModelSpecification.Header] {
        let secret = ["authorization", "x-api-key", "x-goog-api-key", "api-key", "cookie"]
        var result: [ModelSpecification.Header] = []
        for (name, node) in left.sorted(by: { $0.key < $1.key }) {
            guard !secret.contains(name.lowercased()) else {
                throw bad(name, "keys come from the environment only: use key-variable")
            }
            guard let value = node.string else { throw bad(name, "must be a text") }
            result.append(.init(name: name, value: value))
        }
        return result
    }

    func finish() throws(SpecificationError) {
        if let name = left.keys.sorted().first { throw bad(name, "is not understood") }
    }
}
