import Inquiry

/// A run as one self-contained HTML page: no script, no external file, and nothing in it that is not
/// in the journal, so the same journal gives the same bytes.
public struct RunReport: Sendable {
    let run: RunRecord
    let summary: RunSummary
    private let drawing: InputDrawing

    /// - Throws: `GameError` for a board that there is none of.
    public init(_ run: RunRecord) throws {
        self.run = run
        summary = RunSummary(run)
        drawing = try InputDrawing(run.domain)
    }

    public var html: String {
        let articles = run.members(.feature).map {
            FeatureArticle($0, run: run, drawing: drawing).html
        }
        let body: HTML = """
            <h1>\(run.title)</h1>
            <p class="soft">Study \(run.study.prefix(16)). Every figure below follows from the journal;
            <code>conjecture verify</code> does it again.</p>
            \(tiles)\(controls)\(lessons)\(usage)\(FactsTable(facts: run.facts).html)
            <h2>Features</h2>\(table)\(articles)
            """
        return Page(title: run.title, style: drawing.style, body: body).source
    }

    private var tiles: HTML {
        """
        <div class="tiles">
        <div class="tile"><b>\(summary.supported) of \(summary.explained)</b>explanations supported</div>
        <div class="tile"><b>\(summary.supportedAt085) of \(summary.supported)</b>of the supported have held-out
        balanced accuracy of at least 0.85</div>
        <div class="tile"><b>\(estimate(summary.gain, signed: true))</b>held-out balanced accuracy over the
        one-shot, paired, 95 %</div>
        <div class="tile"><b>\(estimate(summary.shuffled.rate))</b>false confirmations on
        \(summary.shuffled.inquiries) shuffled features, 95 %</div>
        <div class="tile"><b>\(summary.stopped)</b>features too rare to explain, or without a hypothesis</div>
        <div class="tile"><b>\(summary.hypotheses)</b>hypotheses tried with \(summary.probes) probes,
        \(summary.failedMeasurements) of them failed</div>
        </div>
        """
    }

    private var controls: HTML {
        func row(_ name: String, _ score: Double?, _ note: HTML) -> HTML {
            """
            <tr><td>\(name)</td><td class="n">\(score.map { Format.number($0, digits: 3) } ?? "–")</td>
            <td>\(note)</td></tr>
            """
        }
        return """
            <section class="card"><h3>Scores beside their controls</h3><div class="scroll"><table>
            <tr><th></th><th class="n">held-out balanced accuracy</th><th></th></tr>
            \(row("explanations", summary.explanation?.value, "mean over \(summary.explained) features, 95 %: \(interval(summary.explanation))"))
            \(row("one-shot", summary.oneShot?.value, "the first hypothesis of the same \(run.usage.isEmpty ? "inducer" : "proposer"), without a probe; 95 %: \(interval(summary.oneShot))"))
            \(row("shuffled features", summary.shuffled.balancedAccuracy, "\(summary.shuffled.confirmed) of \(summary.shuffled.inquiries) confirmed anything"))
            \(row("random directions", summary.directions.balancedAccuracy, "\(summary.directions.confirmed) of \(summary.directions.inquiries) confirmed anything"))
            </table></div></section>
            """
    }

    private var lessons: HTML {
        guard let effect = summary.lessons else { return "" }
        func row(_ name: String, _ side: LessonEffect.Side) -> HTML {
            """
            <tr><td>\(name)</td><td class="n">\(side.features)</td><td class="n">\(side.supported)</td>
            <td class="n">\(side.balancedAccuracy, digits: 3)</td><td class="n">\(side.probes, digits: 0)</td>
            <td class="n">\(side.fromLessons)</td></tr>
            """
        }
        return """
            <section class="card"><h3>\(lessonsTitle)</h3><div class="scroll"><table>
            <tr><th></th><th class="n">features</th><th class="n">supported</th>
            <th class="n">held-out balanced accuracy</th><th class="n">probes</th>
            <th class="n">explained by a lesson</th></tr>
            \(row("with lessons", effect.with))\(row("without, drawn by lot", effect.without))
            </table></div><p class="soft">Difference in balanced accuracy, 95 %:
            \(estimate(effect.difference, signed: true)).</p></section>
            """
    }

    private var lessonsTitle: String {
        run.isInWaves
            ? "What lessons of earlier features did, in this run and in earlier studies"
            : "What the lessons of earlier studies did"
    }

    /// What the language model's replies came to. What was paid for calls that gave none is the
    /// memory's to tell (`conjecture runs RUN --calls`): it differs between runs of one study.
    private var usage: HTML {
        guard !run.usage.isEmpty else { return "" }
        let consultations = run.members.flatMap(\.state.consultations)
        let stops = run.members.count {
            if case .failed? = $0.state.stop { true } else { false }
        }
        return """
            <section class="card"><h3>Language model</h3>\(UsageTable(usage: run.usage).html)
            <p class="soft">\(consultations.count) questions, \(consultations.count(where: \.wasRepaired)) asked
            once more because the answer did not fit, \(consultations.count { $0.failure != nil }) without an
            answer of use; \(stops) inquiries stopped for want of one. No verdict is the model's.</p></section>
            """
    }

    private var table: HTML {
        let rows = run.members(.feature).map { member -> HTML in
            let scores = member.state.scores
            return """
                <tr><td><a href="#\(anchor(member))">\(member.name)</a></td><td>\(badge(member.state))</td>
                <td>\(member.state.leading?.hypothesis.statement ?? "–")</td>
                <td class="n">\(estimate(scores?.explanation.balancedAccuracy))</td>
                <td class="n">\(score(scores?.oneShot.balancedAccuracy))</td>
                <td class="n">\(score(scores?.explanation.f1))</td>
                <td class="n">\(score(scores?.explanation.auroc))</td>
                <td class="n">\(score(scores?.explanation.massExplained))</td>
                <td class="n">\(member.state.probes.count)</td></tr>
                """
        }
        return """
            <div class="scroll"><table><tr><th>feature</th><th>verdict</th><th>explanation</th>
            <th class="n">balanced accuracy</th><th class="n">one-shot</th><th class="n">F1</th>
            <th class="n">AUROC</th><th class="n">mass</th><th class="n">probes</th></tr>\(rows)</table></div>
            """
    }
}

func anchor(_ member: RunRecord.Member) -> String {
    member.name.replacing(" ", with: "-")
}

/// The verdict as a coloured word.
func badge(_ state: InquiryState) -> HTML {
    if state.stop != nil { return "<span class=\"badge warn\">stopped</span>" }
    guard let record = state.committed.flatMap(state.record) else {
        return "<span class=\"badge warn\">unfinished</span>"
    }
    let tone =
        switch record.status {
        case .supported: "good"
        case .refuted: "bad"
        default: "warn"
        }
    return "<span class=\"badge \(tone)\">\(record.status.rawValue)</span>"
}
