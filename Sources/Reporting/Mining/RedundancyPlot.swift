import Inquiry

/// How the chosen features correlate with each other, as numbers on shades.
struct RedundancyPlot {
    /// Names and correlations, in one order; nil where one is not known.
    private let names: [String]
    private let values: [[Double?]]
    /// What still can be read.
    private static let most = 24
    private static let cell = 38.0
    private static let left = 26.0
    private static let top = 20.0

    /// - Parameter order: of `record.features`, for rows and columns.
    init(_ record: MiningRecord, order: [Int]) {
        let order = order.prefix(Self.most)
        let table = record.redundancy
        names = order.map { ShownText.plain(record.features[$0].title, 60) }
        values = order.map { row in
            order.map { column in
                guard row < table.count, column < table[row].count, table[row][column].isFinite
                else { return nil }
                return table[row][column]
            }
        }
    }

    var isEmpty: Bool { names.count < 2 || values.allSatisfy { $0.allSatisfy { $0 == nil } } }

    /// Drawn at a fixed size, since numbers must stay readable.
    var svg: HTML {
        var content: HTML = ""
        for row in names.indices {
            let y = Self.top + Double(row) * Self.cell
            content += Plot.text(
                String(row + 1), Self.left - 7, y + 23, "tick", anchor: "end")
            content += Plot.text(
                String(row + 1), Self.left + (Double(row) + 0.5) * Self.cell, Self.top - 7,
                "tick", anchor: "middle")
            for column in names.indices {
                content += cell(row, column, x: Self.left + Double(column) * Self.cell, y: y)
            }
        }
        let side = Double(names.count) * Self.cell
        let width = side + Self.left + 1
        let height = side + Self.top + 1
        return """
            <svg class="heat" viewBox="0 0 \(width, digits: 0) \(height, digits: 0)" \
            width="\(width, digits: 0)" height="\(height, digits: 0)" role="img">\
            <title>Rank correlation of the features with each other</title>\
            <desc>\(strongest)</desc>\(content)</svg>
            """
    }

    private func cell(_ row: Int, _ column: Int, x: Double, y: Double) -> HTML {
        let value = values[row][column]
        let strength = row == column ? 0 : min(1, abs(value ?? 0)) * 0.65
        return """
            <rect class="\((value ?? 0) < 0 ? "c" : "h")" x="\(x, digits: 1)" y="\(y, digits: 1)" \
            width="\(Self.cell - 1, digits: 0)" height="\(Self.cell - 1, digits: 0)" \
            fill-opacity="\(strength, digits: 2)"/>\
            \(Plot.text(number(value), x + Self.cell / 2, y + 23, "", anchor: "middle"))
            """
    }

    private func number(_ value: Double?) -> String {
        value.map { Format.number($0, digits: 2) } ?? "–"
    }

    /// The pair that says most nearly the same.
    var strongest: String {
        var best: (Int, Int, Double)?
        for row in names.indices {
            for column in names.indices where column < row {
                guard let value = values[row][column] else { continue }
                if abs(value) > abs(best?.2 ?? 0) || best == nil { best = (column, row, value) }
            }
        }
        guard let best else { return "No two features have a known correlation." }
        return "Strongest between “\(names[best.0])” and “\(names[best.1])”: \(number(best.2))."
    }

    var table: HTML {
        let heads = names.indices.map { "<th class=\"n\" scope=\"col\">\($0 + 1)</th>" as HTML }
        let rows = zip(names.indices, names).map { index, name -> HTML in
            let cells = values[index].map { "<td class=\"n\">\(number($0))</td>" as HTML }
            return """
                <tr><th class="name" scope="row">\(index + 1) <bdi>\(name)</bdi></th>\(cells)</tr>
                """
        }
        return """
            <div class="scroll"><table class="wide"><tr><th></th>\(heads)</tr>\(rows)</table></div>
            """
    }

    var markdown: Markdown {
        let rows = zip(names.indices, names).map { index, name -> [Markdown] in
            ["\(index + 1). \(name)"] + values[index].map { "\(number($0))" }
        }
        return .table(["feature"] + names.indices.map { ">\($0 + 1)" }, rows)
    }
}
