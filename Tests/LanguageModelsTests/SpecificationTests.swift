import Foundation
import Testing

@testable import LanguageModels

@Suite struct SpecificationTests {
    @Test(arguments: [
        ("openai:gpt-5", "openai", "https://api.openai.com/v1", "gpt-5", "OPENAI_API_KEY"),
        (
            "anthropic:claude-x", "anthropic", "https://api.anthropic.com/v1", "claude-x",
            "ANTHROPIC_API_KEY"
        ),
        (
            "gemini:g", "gemini", "https://generativelanguage.googleapis.com/v1beta", "g",
            "GEMINI_API_KEY"
        ),
        (
            "openrouter:a/b:free", "openrouter", "https://openrouter.ai/api/v1", "a/b:free",
            "OPENROUTER_API_KEY"
        ),
        ("ollama:llama3:8b", "ollama", "http://127.0.0.1:11434/v1", "llama3:8b", nil),
        (
            "http://host:8000/v1/#name", "openai-compatible", "http://host:8000/v1", "name",
            "CONJECTURE_API_KEY"
        ),
        ("command:./m --x", "command", "./m --x", "", nil),
        ("replay:a.sqlite#run", "replay", "a.sqlite#run", "", nil),
    ])
    func readsTheWord(
        word: String, provider: String, endpoint: String, model: String, key: String?
    ) throws {
        let read = try ModelSpecification.parse(word, environment: [:])
        #expect(read.identity.provider == provider)
        #expect(read.endpoint == endpoint)
        #expect(read.model == model)
        #expect(read.keyVariable == key)
    }

    @Test func goesWhereTheEnvironmentSays() throws {
        let environment = [
            "OPENAI_BASE_URL": "http://127.0.0.1:4000/v1/",
            "ANTHROPIC_BASE_URL": "http://127.0.0.1:4000", "OLLAMA_HOST": "box:1",
            "GOOGLE_API_KEY": "k", "OPENROUTER_BASE_URL": "",
        ]
        func endpoint(_ word: String) throws -> String {
            try ModelSpecification.parse(word, environment: environment).endpoint
        }
        #expect(try endpoint("openai:m") == "http://127.0.0.1:4000/v1")
        #expect(try endpoint("anthropic:m") == "http://127.0.0.1:4000/v1")
        #expect(try endpoint("ollama:m") == "http://box:1/v1")
        #expect(try endpoint("openrouter:m") == "https://openrouter.ai/api/v1")
        let bare = try ModelSpecification.parse(
            "ollama:m", environment: ["OLLAMA_HOST": "0.0.0.0"])
        #expect(bare.endpoint == "http://0.0.0.0:11434/v1")
        #expect(throws: SpecificationError.secretInCommand) {
            try ModelSpecification.parse(
                "command:ask hunter2hunter2", environment: ["MY_API_KEY": "hunter2hunter2"])
        }
        let gemini = try ModelSpecification.parse("gemini:m", environment: environment)
        #expect(gemini.keyVariable == "GOOGLE_API_KEY")
    }

    @Test(arguments: [
        "", "gpt-5", "openai", "openai:", "compatible:x", "http://host/v1", "http://host/v1#",
        "https://user:secret@host/v1#m", "https://user:secret@host/v1",
        "command:ask --key sk-secret0123456789", "http://host/v1?key=secret#m", "ftp://host#m",
        "http://#m",
    ])
    func refusesAWordThatNamesNoModel_withoutRepeatingASecret(word: String) {
        let error = #expect(throws: SpecificationError.self) {
            try ModelSpecification.parse(word, environment: [:])
        }
        #expect(error.map { "\($0)".contains("secret") } != true)
    }

    private func file(_ text: String) throws -> String {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("model-\(UUID().uuidString).yaml").path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test func readsAFile() throws {
        let path = try file(
            """
            model: http://127.0.0.1:9/v1#m
            key-variable: MY_KEY
            price: {input: 1.25, output: 10, cached-input: 0.125}
            schema: prompted
            stream: true
            sampling: {temperature: 0, max-output-tokens: 99, effort: high}
            limits: {requests-per-minute: 5}
            concurrency: {start: 7, most: 8}
            retries: {attempts: 2}
            timeouts: {idle: 3.5}
            headers: {X-Title: study}
            """)
        let read = try ModelSpecification.parse(path, environment: [:])
        #expect(read.identity.endpoint == "http://127.0.0.1:9/v1")
        #expect(read.keyVariable == "MY_KEY")
        #expect(read.price == Price(input: 1.25, output: 10, cachedInput: 0.125))
        #expect(read.schemaForm == .prompted)
        #expect(read.streams)
        #expect(read.sampling.maximumOutputTokens == 99)
        #expect(read.sampling.temperature == 0)
        #expect(read.limits == RateLimits(requestsPerMinute: 5))
        #expect(read.gate.start == 7)
        #expect(read.retry.attempts == 2)
        #expect(read.idleTimeout == 3.5)
        #expect(read.headers == [.init(name: "X-Title", value: "study")])
    }

    @Test(arguments: [
        ("model: openai:m\ntemperature: 1", "temperature"),
        ("price: {input: 1}", "model"), ("model: openai:m\nprice: {input: 1}", "price.input"),
        ("model: openai:m\nprice: {input: 1, output: -2}", "price.output"),
        ("model: openai:m\nschema: strict", "schema"),
        ("model: openai:m\nheaders: {Authorization: Bearer x}", "headers.Authorization"),
        ("model: openai:m\nlimits: {per-minute: 3}", "limits.per-minute"),
        ("model: openai:m\nstream: perhaps", "stream"), ("[1, 2]", "no fields"), ("{", "not YAML"),
    ])
    func refusesAField_byName(text: String, name: String) throws {
        let path = try file(text)
        let error = #expect(throws: SpecificationError.self) {
            try ModelSpecification.parse(path, environment: [:])
        }
        #expect(error.map { "\($0)".contains(name) && "\($0)".contains(path) } == true)
    }

    @Test func aSecretIsShownByNothing() throws {
        let secret = try #require(
            Secret(variable: "KEY", environment: ["KEY": "sk-abcdef0123456789"]))
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped] {
            #expect(!text.contains("abcdef"))
        }
        let words = ServerWords.clean(
            "Incorrect API key provided: sk-abcdef0123456789 (or sk-proj-ab***yz)\nbye",
            secret: secret)
        #expect(words == "Incorrect API key provided: [KEY] (or [key]) bye")
    }
}
