// How many goals or triples each client finds at the address of a site, by the way it was asked, as JSON.
import { QueryEngine } from '@comunica/query-sparql'
import SparqlClient from 'sparql-http-client'

const site = process.argv[2]
const plan = 'PREFIX plan: <https://w3id.org/planlink/ns#> '
const goals = `${plan} SELECT ?g { ?g a plan:Goal }`
const triples = `${plan} CONSTRUCT WHERE { ?g a plan:Goal }`
const found = {}

async function count (stream) {
  let number = 0
  for await (const _ of stream) number++
  return number
}

const client = new SparqlClient({ endpointUrl: `${site}/sparql` })
for (const operation of ['get', 'postUrlencoded', 'postDirect']) {
  found[`select, ${operation}`] = await count(client.query.select(goals, { operation }))
  found[`construct, ${operation}`] = await count(client.query.construct(triples, { operation }))
}
found.ask = Number(await client.query.ask(`${plan} ASK { ?g a plan:Goal }`))

const engine = new QueryEngine()
async function rows (query, ...sources) {
  return (await (await engine.queryBindings(query, { sources })).toArray()).length
}
const endpoint = { type: 'sparql', value: `${site}/sparql` }
found['comunica, endpoint'] = await rows(goals, endpoint)
found['comunica, found out'] = await rows(goals, `${site}/sparql`)
found['comunica, triples'] = await count(await engine.queryQuads(triples, { sources: [endpoint] }))
for (const path of ['/id/hongqiao-2021/indicator/8', '/ns', '/shapes', '/catalogue']) {
  found[`comunica, ${path}`] = await rows('SELECT * { ?s ?p ?o } LIMIT 5', site + path)
}
console.log(JSON.stringify(found))
