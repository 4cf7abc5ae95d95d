import Reporting

/// What an edit took away and put in, line by line, as ``ReviewEdit/diff`` has it.
struct DiffDrawing {
    let lines: [String]

    var html: HTML {
        let rows = lines.map { line -> HTML in
            switch line.first {
            case "-": "<del><span class=\"aside\">removed: </span>\(line)</del>"
            case "+": "<ins><span class=\"aside\">added: </span>\(line)</ins>"
            default: "<span>\(line)</span>"
            }
        }
        return "<pre class=\"diff\">\(rows)</pre>"
    }
}
