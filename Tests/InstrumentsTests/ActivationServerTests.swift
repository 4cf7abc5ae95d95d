import Foundation
import HTTP
import SubjectMaterial
import Testing

@testable import Instruments

/// The same texts through `Tools/activation_server` (transformers and SAELens) and in this process.
@Suite(
    .serialized, .enabled(if: PythonServer.python != nil, Comment(rawValue: PythonServer.absence)))
struct ActivationServerTests {
    private static let families = ["llama": "llama3", "neox": "neox", "gemma2": "gemma"]
    private static let sources = ["0-res-pre", "1-res", "2-res"]
    private static let secret = "tiny-secret"
    private static let texts = [
        "The Jedi in Star Wars wield lightsabers.", "def main():\n    return 0",
        "Zoë's “naïve” café",
        "A cat.", "1, 2, 3 and 4", "The cat sat on the mat.", "A cat.", "日本",
    ]

    @Test func agreesWithOurOwnEngine_onEveryValue() async throws {
        let folder = try TemporaryFolder()
        let fixtures = SharedData.packageRoot.appendingPathComponent(
            "Tests/TokenizersTests/Fixtures")
        let pairs = Self.families.map { "\($0)=\(fixtures.path)/\($1).json" }
        try PythonServer.run("make_tiny.py", [folder.path] + pairs, folder: folder.path)
        for family in Self.families.keys.sorted() {
            let base = "\(folder.path)/\(family)"
            let server = try await PythonServer(
                ["--model", base + "/model", "--name", family]
                    + Self.sources.flatMap { ["--sae", "\($0)=\(base)/saes/\($0)"] },
                secret: Self.secret, folder: folder.path)
            defer { server.stop() }
            for source in Self.sources { try await compare(family, source, base, server) }
            try await checkRefusals(family, server)
        }
    }

    private func compare(
        _ family: String, _ source: String, _ base: String, _ server: PythonServer
    ) async throws {
        let native = try TextSubject(
            model: base + "/model", autoencoder: "\(base)/saes/\(source)", threads: 1)
        let own = try await native.readings(of: Self.texts, latents: Array(0..<96))
        let peaks = (0..<96).map { latent in
            own.compactMap { $0.reading?.maximum(latent)?.value }.max() ?? 0
        }
        let latents = Array((0..<96).sorted { peaks[$0] > peaks[$1] }.prefix(6)) + [0]
        let remote = try instrument(family, source, server)
        let outcomes = try await remote.readings(of: Self.texts, latents: latents)
        var worst: Float = 0
        var count = 0
        for (outcome, expected) in zip(outcomes, own) {
            let found = try #require(outcome.reading)
            let expected = try #require(expected.reading)
            let places = expected.tokens.indices.filter { !expected.tokens[$0].isSpecial }
            #expect(found.tokens.count == places.count)
            for (place, latent) in latents.enumerated() {
                for (at, value) in zip(places, found.values[place]) {
                    worst = max(worst, abs(value - expected.values[latent][at]))
                    count += 1
                }
            }
            for (token, at) in zip(found.tokens, places) where token.bytes != nil {
                // Our tokenizers leave a space in front out of a token's place.
                #expect(token.bytes?.upperBound == expected.tokens[at].bytes?.upperBound)
            }
        }
        print("\(family) \(source): \(count) values, peak \(peaks.max() ?? 0), worst \(worst)")
        #expect(worst < 1e-3)
        #expect((peaks.max() ?? 0) > 0.1)
    }

    private func instrument(
        _ family: String, _ source: String, _ server: PythonServer, secret: String = secret
    ) throws -> SelfHostedInstrument {
        SelfHostedInstrument(
            try NeuronpediaSource(model: family, source: source), base: server.url,
            client: try HTTPClient(proxy: .direct),
            key: ServerKey(variable: "KEY", environment: ["KEY": secret]))
    }

    private func checkRefusals(_ family: String, _ server: PythonServer) async throws {
        let good = try instrument(family, "1-res", server)
        let long = String(repeating: "word ", count: 600)
        let middling = String(repeating: "cat ", count: 25)
        let outcomes = try await good.readings(of: ["A cat.", long, middling], latents: [0])
        #expect(outcomes.map { $0.reading != nil } == [true, false, true])
        let wrongKey = try instrument(family, "1-res", server, secret: "wrong")
        let unknown = try instrument(family, "9-res", server)
        for instrument in [wrongKey, unknown] {
            await #expect(throws: InstrumentError.self) {
                try await instrument.readings(of: ["A cat."], latents: [0])
            }
        }
        await #expect(throws: InstrumentError.self) {
            try await good.readings(of: ["A cat."], latents: [96])
        }
        let client = try HTTPClient(proxy: .direct)
        for path in ["/health", "/v1/capabilities"] {
            let request = HTTPRequest(
                .get, server.url + path, headers: ["X-SECRET-KEY": Self.secret])
            #expect(try await client.send(request).status == 200)
        }
    }
}
