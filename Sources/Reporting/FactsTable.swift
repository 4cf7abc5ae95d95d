import Inquiry

/// What the manifest of a run says.
struct FactsTable {
    let facts: [RunRecord.Fact]

    var html: HTML {
        let rows = facts.map { "<tr><th>\($0.name)</th><td>\($0.value)</td></tr>" as HTML }
        return """
            <details><summary>What was run</summary><section class="card"><table>\(rows)</table></section></details>
            """
    }
}
