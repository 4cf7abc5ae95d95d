import Foundation
import JSON
import LinearAlgebra
import ScriptedServer
import Testing

/// A feature at a server that speaks as Neuronpedia does, explained without weights.
@Suite(.serialized) struct RemoteFeatureTests {
    /// The feature fires on the word "rain", as its published exemplars show.
    private static let sentences: [String] = {
        let starts = ["Then the", "Later a", "Today some", "At noon the", "Once more a"]
        let middles = ["rain", "rain", "snow", "sun", "wind", "child", "train"]
        let ends = [
            "came over the hill", "was all that we saw", "stayed until the evening",
            "made the whole town quiet", "left us without a word",
        ]
        var generator = SeededGenerator(seed: 3, stream: 5)
        return (0..<90).map { number in
            "\(starts[generator.below(starts.count)]) \(middles[number % middles.count]) "
                + "\(ends[generator.below(ends.count)]), day \(number)."
        }
    }()

    private static func pieces(_ text: String) -> [String] {
        var pieces: [String] = []
        for character in text {
            let isStart = character == " " || character.isPunctuation || pieces.isEmpty
            if isStart {
                pieces.append(String(character))
            } else {
                pieces[pieces.count - 1].append(character)
            }
        }
        return pieces
    }

    private static func values(_ pieces: [String]) -> [Double] {
        pieces.map { $0.lowercased().hasSuffix("rain") && !$0.hasSuffix("train") ? 4 : 0 }
    }

    private static func server() throws -> ScriptedServer {
        try ScriptedServer { request in
            if request.method == "GET", request.path == "/api/feature/toy/3-res/7" {
                let activations = sentences.map { text -> JSONValue in
                    let pieces = pieces(text)
                    return [
                        "tokens": .array(pieces.map { .string($0) }),
                        "values": .array(values(pieces).map { .number($0) }), "maxValue": 4,
                    ]
                }
                let feature: JSONValue = [
                    "modelId": "toy", "layer": "3-res", "index": "7",
                    "hookName": "blocks.3.hook_resid_post", "activations": .array(activations),
                    "explanations": [], "pos_str": [], "pos_values": [], "neg_str": [],
                    "neg_values": [],
                ]
                return .json(feature.text)
            }
            guard request.path == "/api/activation/new",
                let body = try? JSONValue(parsing: request.body),
                let texts = body["customText"]?.array?.compactMap(\.string), texts.count <= 4
            else { return .json("{}", status: 404) }
            let results = texts.map { text -> JSONValue in
                let pieces = pieces(text)
                return [
                    "tokens": .array(pieces.map { .string($0) }),
                    "values": .array(values(pieces).map { .number($0) }), "index": "7",
                    "maxValue": 4,
                ]
            }
            return .json(JSONValue.array(results).text)
        }
    }

    @Test func isExplainedFromWhatIsPublished_andAskedNothingTwice() async throws {
        let server = try Self.server()
        let scratch = try Scratch()
        let run = try await Program.run(
            ["explain", "--from", "neuronpedia:toy/3-res/7", "--controls", "1", "--json"],
            in: scratch.folder, environment: ["NEURONPEDIA_BASE_URL": server.url])
        try #require(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("requests for"))
        let output = try JSONValue(parsing: run.output)
        let feature = try #require(output["features"]?.array?.first)
        #expect(feature["feature"]?.string == "latent 7")
        #expect(feature["formula"]?.string?.contains("rain") == true, "\(feature.text)")
        var seen: Set<String> = []
        for request in server.requests where request.method == "POST" {
            let texts = try JSONValue(parsing: request.body)["customText"]?.array ?? []
            for text in texts.compactMap(\.string) where !Self.sentences.contains(text) {
                #expect(seen.insert(text).inserted, "\(text) was measured twice")
            }
        }
        let id = try #require(output["run"]?.string)
        let verified = try await Program.run(["verify", id], in: scratch.folder)
        #expect(verified.status == 0, "\(verified.errors)")
    }

    @Test func thatIsNotThere_isRefusedByName() async throws {
        let server = try Self.server()
        let scratch = try Scratch()
        let run = try await Program.run(
            ["explain", "--from", "neuronpedia:toy/3-res/8"], in: scratch.folder,
            environment: ["NEURONPEDIA_BASE_URL": server.url])
        #expect(run.status == 1)
        #expect(run.errors.contains("/api/feature/toy/3-res/8"))
    }
}
