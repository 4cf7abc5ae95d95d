import Foundation
import Instruments
import SubjectMaterial
import Testing

@testable import Exemplars

@Suite struct ExemplarPassTests {
    private let study: SmallStudy
    private let twin: SlowExemplars
    private let store: ExemplarStore

    init() throws {
        study = try SmallStudy()
        twin = try SlowExemplars(study.subject(), study.corpusPath, SmallStudy.plan)
        try study.pass("store", threads: 2).run()
        store = try study.store("store")
    }

    private func expect(
        _ found: ExemplarContext, is context: SlowExemplars.Context, _ latent: Int
    ) throws {
        let window = twin.window(context, latent)
        #expect(found.document == context.document)
        #expect(found.documentHash == context.hash)
        #expect(found.firstToken == context.firstToken + window.lowerBound)
        #expect(found.tokens.map(\.id) == Array(context.ids[window]))
        let values = Array(context.values[latent][window])
        let maximum = try #require(context.values[latent].max())
        #expect(found.maximum == maximum)
        for (token, value) in zip(found.tokens, values) {
            #expect((token.activation == 0) == (value == 0))
            #expect(abs(token.activation - value) <= maximum / 65_535)
        }
    }

    @Test func keepsTheContextsOfGreatestMaximumOfEveryLatent() throws {
        var contexts = 0
        for latent in 0..<96 {
            let top = try store.latent(latent).top
            let expected = twin.top(latent)
            #expect(top.count == expected.count)
            for (found, context) in zip(top, expected) { try expect(found, is: context, latent) }
            contexts += top.count
        }
        #expect(contexts > 200)
    }

    @Test func countsWhereEachLatentFires() throws {
        let tokens = twin.contexts.reduce(0) { $0 + $1.ids.count }
        #expect(store.totals.tokens == tokens)
        #expect(store.totals.contexts == twin.contexts.count)
        #expect(store.totals.documents == 60)
        #expect(store.totals.emptyDocuments == 1)
        for latent in 0..<96 {
            let found = try store.latent(latent)
            let values = twin.contexts.flatMap { $0.values[latent] }.filter { $0 > 0 }
            #expect(found.firingTokens == values.count)
            #expect(
                found.firingContexts
                    == twin.contexts.count { $0.values[latent].contains { $0 > 0 } })
            #expect(found.maximum == values.max() ?? 0)
            #expect(found.firingsPerToken == Double(values.count) / Double(tokens))
            #expect(found.histogram.reduce(0) { $0 + $1.tokens } == values.count)
            for bin in found.histogram {
                #expect(values.count { $0 >= bin.from && $0 < bin.upTo } == bin.tokens)
            }
        }
    }

    @Test func drawsEachQuantileFromItsPartOfTheDistribution() throws {
        for latent in 0..<96 {
            let found = try store.latent(latent)
            let maxima = twin.contexts.compactMap { $0.values[latent].max() }.filter { $0 > 0 }
            let drawn = twin.firing(latent)
                .map { ($0, Draw.key(SmallStudy.plan.seed, UInt64(latent), $0.key)) }
                .sorted { $0.1 < $1.1 }.prefix(SmallStudy.plan.sampleCapacity).map(\.0)
            #expect(found.quantiles.count == 4)
            for (place, quantile) in found.quantiles.enumerated() {
                if place > 0 {
                    let below = maxima.count { $0 < quantile.from }
                    #expect(below * 4 >= place * maxima.count)
                }
                let expected = drawn.filter {
                    let maximum = $0.values[latent].max() ?? 0
                    return maximum >= quantile.from && maximum < quantile.upTo
                }.prefix(3)
                #expect(quantile.contexts.count == expected.count)
                for (context, expected) in zip(quantile.contexts, expected) {
                    try expect(context, is: expected, latent)
                }
            }
        }
    }

    @Test func countsCompanionsExactly_whileThereAreFew() throws {
        var checked = 0
        for latent in stride(from: 0, to: 96, by: 6) {
            let found = try store.latent(latent)
            guard found.firingTokens * 5 < ExemplarState.pairsPerLevel else { continue }
            #expect(found.companionTokens == found.firingTokens)
            for companion in found.companions {
                #expect(companion.error == 0)
                #expect(companion.tokens == twin.together(latent, companion.latent))
            }
            let total = found.companions.reduce(0) { $0 + $1.tokens }
            #expect(total == 5 * found.firingTokens)
            #expect(found.companions.map(\.tokens) == found.companions.map(\.tokens).sorted(by: >))
            checked += 1
        }
        #expect(checked > 8)
    }

    @Test func givesABackgroundInWhichTheLatentIsSilent() throws {
        var count = 0
        for latent in 0..<96 {
            for context in try store.latent(latent).background {
                let whole = try #require(
                    twin.contexts.first {
                        $0.document == context.document && $0.firstToken <= context.firstToken
                            && context.firstToken < $0.firstToken + $0.ids.count
                    })
                let first = context.firstToken - whole.firstToken
                let window = first..<first + context.tokens.count
                #expect(Array(whole.ids[window]) == context.tokens.map(\.id))
                #expect(whole.values[latent][window].allSatisfy { $0 == 0 })
                count += 1
            }
        }
        #expect(count > 100)
    }

    @Test func showsTheDocumentsOwnText() throws {
        let lines = try String(contentsOfFile: study.corpusPath, encoding: .utf8)
            .split(separator: "\n")
        for latent in 0..<20 {
            for context in try store.latent(latent).top
            where !context.text.contains("<") {
                #expect(lines[context.document].contains(context.text))
            }
        }
    }

    @Test func refusesALatentThatIsNotThere() {
        #expect(throws: ExemplarError.self) { try store.latent(96) }
        #expect(throws: ExemplarError.self) { try store.latent(-1) }
    }
}
