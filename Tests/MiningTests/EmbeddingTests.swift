import Digests
import Foundation
import Inquiry
import LinearAlgebra
import Memory
import Rows
import SubjectMaterial
import Testing
import Tools

@testable import Mining

/// Texts about one of four things, of which one goes with the target.
@Suite struct EmbeddingTests {
    private static let themes = [
        ["soil", "garden", "seed", "spade", "plant", "water"],
        ["engine", "wheel", "brake", "clutch", "petrol", "tyre"],
        ["violin", "chord", "melody", "opera", "rhythm", "tune"],
        ["flour", "oven", "dough", "yeast", "butter", "crust"],
    ]
    private static let filler = ["the", "of", "and", "it", "was", "with", "a", "in", "they", "had"]

    private static func rows(_ count: Int) throws -> RowSet {
        var generator = SeededGenerator(seed: 5)
        func text(_ theme: Int) -> String {
            (0..<12 + generator.below(20)).map { _ in
                generator.unit() < 0.4
                    ? themes[theme][generator.below(6)] : filler[generator.below(10)]
            }.joined(separator: " ")
        }
        let made = (0..<count).map { index in
            let theme = generator.below(4)
            let value = (theme == 2 ? 1.5 : 0) + generator.normal()
            return Row(
                place: RowPlace(number: index + 1, line: index + 1), columns: ["text", "y"],
                cells: [.text(text(theme)), .number(value)])
        }
        return try RowSet(
            made, schema: RowSchema(text: .single("text"), target: .numeric("y")))
    }

    private func manifest(_ rows: RowSet, _ embedding: TextEmbedding?) -> MiningManifest {
        var settings = MiningSettings()
        (settings.reflections, settings.nullRuns, settings.stabilityPairs) = (0, 3, 4)
        settings.bootstrapReplicates = 200
        return MiningManifest(
            data: .init(path: "rows", format: nil, schema: rows.schema, rows: rows), seed: 1,
            settings: settings, embedding: embedding?.reference)
    }

    @Test func aKindOfTextsThatGoesWithTheTargetIsFound_andItsWordsAreProposed() async throws {
        let rows = try Self.rows(800)
        let folder = try RandomEncoder.write(themes: Self.themes + [Self.filler])
        let embedding = try TextEmbedding(path: folder.path, threads: 2)
        let deal = try RoleDeal(
            rows, seed: 1, shares: .init(discover: 0.3, select: 0.4, confirm: 0.3))
        let kinds = try await EmbeddingKinds(deal.discover, embedding, seed: 1)
        let best = try #require(kinds.telling(deal.discover.rows.target).first)
        #expect(best.correlation > 0.3)
        let words = try #require(
            LexiconInducer(texts: deal.discover.rows.texts)
                .words(ofKind: best.latent, best.activations))
        guard case .expression(let source) = words.kind else { return }
        #expect(Self.themes[2].count { source.contains("\"\($0)\"") } >= 4, "\(source)")
        #expect(Self.themes[1].allSatisfy { !source.contains("\"\($0)\"") }, "\(source)")
    }

    @Test func aRunHasTheKindsAmongItsCandidates_andTheEmbeddingAsABaseline() async throws {
        let rows = try Self.rows(600)
        let folder = try RandomEncoder.write(themes: Self.themes + [Self.filler])
        let embedding = try TextEmbedding(path: folder.path, threads: 2)
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("conjecture-embedding-\(UUID().uuidString).sqlite").path
        let store = try Store(path: path)
        let manifest = manifest(rows, embedding)
        let run = try await store.begin(prefix: "mine", manifest: manifest.text, now: Date()).id
        let study = try await MiningStudy.prepare(
            manifest: manifest, rows: rows, model: nil, embedding: embedding, store: store, run: run
        )
        let mining = MiningRun(study: study, store: store, run: run)
        guard
            case .finished(let outcome) = try await mining.carryOut(
                shouldStop: { false }, tell: { _ in })
        else {
            Issue.record("the run stopped")
            return
        }
        let baseline = outcome.record.scores.first { $0.name == "embedding and ridge" }
        #expect((baseline?.spearman?.value ?? 0) > 0.25)
        let names = outcome.record.features.map(\.name) + outcome.record.dropped.map(\.name)
        #expect(names.contains { $0.hasPrefix("words-of-kind-") })
        #expect(try await mining.reproduce() > 5)
    }

    @Test func refusesAnEmbeddingThatIsNotTheRuns() async throws {
        let rows = try Self.rows(200)
        let (one, other) = (
            try RandomEncoder.write(themes: Self.themes),
            try RandomEncoder.write(themes: Self.themes, seed: 2)
        )
        let embedding = try TextEmbedding(path: one.path, threads: 1)
        let store = try Store(
            path: FileManager.default.temporaryDirectory
                .appendingPathComponent("conjecture-embedding-\(UUID().uuidString).sqlite").path)
        for wrong in [nil, try TextEmbedding(path: other.path, threads: 1)] {
            await #expect(throws: MiningError.embeddingChanged(run: "mine-1", path: one.path)) {
                _ = try await MiningStudy.prepare(
                    manifest: manifest(rows, embedding), rows: rows, model: nil, embedding: wrong,
                    store: store, run: "mine-1")
            }
        }
    }
}
