/** Server-sent events read from a POST: EventSource can neither post nor send headers. */

/** Feed it text in pieces of any size; lines may end in LF, CR or CRLF, cut anywhere. */
export function sseParser(emit: (data: string, id: string) => void): (piece: string) => void {
  let buffer = "";
  let data: string[] = [];
  let id = "";
  return (piece) => {
    buffer += piece;
    // A CR at the very end may be half of a CRLF: it waits for what follows.
    for (let cut; (cut = /\r\n|\n|\r(?!$)/.exec(buffer));) {
      const line = buffer.slice(0, cut.index);
      buffer = buffer.slice(cut.index + cut[0].length);
      const [, field, value = ""] = /^\ufeff?([^:]*):? ?(.*)$/.exec(line) ?? [];
      if (field === "data") data.push(value);
      else if (field === "id") id = value;
      else if (!line && data.length) {
        emit(data.join("\n"), id);
        data = [];
      } // everything else is a comment (the heartbeat) or of no use here
    }
  };
}
