// @neo4j/graphql, a program that was there before weft, against `weft serve`: an interface made of types,
// whose own statements read and write them.
//
// Usage: node graphql.mjs ADDRESS. Fails with the first thing that is not as it should be.

import assert from 'node:assert/strict'
import { Neo4jGraphQL } from '@neo4j/graphql'
import { graphql } from 'graphql'
import neo4j from 'neo4j-driver'

const typeDefs = `
  type Maker @node {
    name: String!
    founded: Date
    backers: [Backer!]! @relationship(type: "BACKS", direction: IN, properties: "Backing")
  }
  type Backer @node {
    name: String!
    backs: [Maker!]! @relationship(type: "BACKS", direction: OUT, properties: "Backing")
  }
  type Backing @relationshipProperties { amount: Int! }
`
const driver = neo4j.driver(`bolt://${process.argv[2]}`)
try {
  const schema = await new Neo4jGraphQL({ typeDefs, driver }).getSchema()
  const ask = async source => {
    const { data, errors } = await graphql({ schema, source, contextValue: {} })
    assert.equal(errors, undefined, JSON.stringify(errors))
    return JSON.parse(JSON.stringify(data))
  }
  const made = await ask(`mutation { createBackers(input: [{ name: "Trust", backs: { create: [
    { node: { name: "Acme", founded: "2020-01-02" }, edge: { amount: 5 } },
    { node: { name: "Beta" }, edge: { amount: 50 } }
  ] } }]) { backers { name } info { nodesCreated relationshipsCreated } } }`)
  assert.deepEqual(made.createBackers, {
    backers: [{ name: 'Trust' }],
    info: { nodesCreated: 3, relationshipsCreated: 2 }
  })
  const found = await ask(`{ makers(where: { name: { eq: "Acme" } }) {
    name founded backersConnection { totalCount edges { node { name } properties { amount } } }
  } }`)
  assert.deepEqual(found.makers, [{
    name: 'Acme',
    founded: '2020-01-02',
    backersConnection: {
      totalCount: 1,
      edges: [{ node: { name: 'Trust' }, properties: { amount: 5 } }]
    }
  }])
  const sorted = await ask(`{
    makers(sort: { name: DESC }, limit: 1) { name }
    makersConnection { aggregate { count { nodes } } }
    backers { backs(where: { name: { contains: "c" } }) { name } }
  }`)
  assert.deepEqual(sorted, {
    makers: [{ name: 'Beta' }],
    makersConnection: { aggregate: { count: { nodes: 2 } } },
    backers: [{ backs: [{ name: 'Acme' }] }]
  })
  const updated = await ask(`mutation { updateMakers(
    where: { name: { eq: "Acme" } }, update: { name: { set: "Acme 2" } }
  ) { makers { name } } }`)
  assert.deepEqual(updated.updateMakers, { makers: [{ name: 'Acme 2' }] })
  const deleted = await ask(`mutation { deleteMakers(where: { name: { startsWith: "Acme" } }) {
    nodesDeleted relationshipsDeleted
  } }`)
  assert.deepEqual(deleted.deleteMakers, { nodesDeleted: 1, relationshipsDeleted: 1 })
  console.log('@neo4j/graphql reads and writes')
} finally {
  await driver.close()
}
