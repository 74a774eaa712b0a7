# Adds up the instructions of the program's own functions in a callgrind file: those of its binary (-v binary=NAME), so without the
# C library, whose version is the machine's, and without SHA-256, which is half of the reading where the processor has no
# instructions for it, and nobody's regression. With -v by_function=1: a line per function, most first.
function text_of(value, kind,    id) {
    id = value
    sub(/\).*/, ")", id)
    if (length(value) > length(id)) text[kind id] = substr(value, length(id) + 2)
    return text[kind id]
}
/^ob=/ { object = text_of(substr($0, 4), "ob"); next }
/^cob=/ { text_of(substr($0, 5), "ob"); next }
/^fn=/ { name = text_of(substr($0, 4), "fn"); ours = object ~ ("/" binary "$") && name !~ /sha2|sha256/; next }
/^cfn=/ { text_of(substr($0, 5), "fn"); next }
/^calls=/ { getline; next } # the line behind it is the cost of the call, which the called function has, too
/^[0-9+*-]/ && ours { total += $2; if (by_function) of[name] += $2 }
END {
    if (!by_function) { printf "%.0f\n", total; exit }
    for (name in of) printf "%.0f %s\n", of[name], name | "sort -rn"
}
